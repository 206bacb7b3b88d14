/**
 * Updates over HTTP and over a Wi-Fi network that a device joins for the purpose: start with
 * {@link io.overair.client.http.HttpTransport} or {@link io.overair.client.http.WiFiOta}.
 */
@NullMarked
package io.overair.client.http;

import org.jspecify.annotations.NullMarked;
