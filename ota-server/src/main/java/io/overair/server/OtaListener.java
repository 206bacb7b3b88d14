package io.overair.server;

/**
 * Is told what a handler does. Called on the thread that answers, so it must be quick, and by many threads at once.
 */
public interface OtaListener {
    /**
     * {@code request} is being answered with {@code response}, whose body must be left alone. Of what could not be read as
     * a request, the target is empty and the method a dash.
     */
    default void answered(OtaRequest request, OtaResponse response) {}

    /**
     * {@code problem} kept {@code request} from being answered; the client is told that the server has failed. An
     * {@link java.io.IOException} if the disk was the reason, else a bug of whatever the handler stands on.
     */
    default void failed(OtaRequest request, Exception problem) {}
}
