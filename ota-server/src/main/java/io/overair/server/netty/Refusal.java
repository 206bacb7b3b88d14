package io.overair.server.netty;

import io.overair.server.OtaRequest.Protocol;

/**
 * Stands in the pipeline for a request that could not be read: answer with {@code status}, then close.
 *
 * @param target what was asked for; empty if that could not be read either
 */
record Refusal(Protocol protocol, String target, int status) {}
