package io.overair.server.netty;

/**
 * Stands in the pipeline for a request that could not be read: answer with {@code status}, then close.
 *
 * @param line {@link RequestLine#UNREAD} if that could not be read either
 */
record Refusal(RequestLine line, int status) {}
