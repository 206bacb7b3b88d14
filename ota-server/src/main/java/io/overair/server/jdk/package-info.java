/**
 * {@link io.overair.server.jdk.JdkHttpAdapter} embeds {@link io.overair.server.OtaHandler} in a program that has an
 * HTTP server of the JDK already.
 */
@NullMarked
package io.overair.server.jdk;

import org.jspecify.annotations.NullMarked;
