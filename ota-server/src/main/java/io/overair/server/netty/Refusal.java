package io.overair.server.netty;

import io.overair.server.OtaRequest.Protocol;

/** Stands in the pipeline for a request that could not be read: answer with {@code status}, then close. */
record Refusal(Protocol protocol, int status) {}
