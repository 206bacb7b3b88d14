/**
 * The server to start when there is none to embed in: {@link io.overair.server.netty.OtaServer} carries
 * {@link io.overair.server.OtaHandler} over HTTP, to devices that run the Pycom client and to everybody else.
 */
@NullMarked
package io.overair.server.netty;

import org.jspecify.annotations.NullMarked;
