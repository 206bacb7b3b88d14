/** A module of somebody else that imports the library. */
module consumer {
    requires io.overair.client;
    requires io.overair.server;
}
