/**
 * Keeps a device up to date over any transport. Most programs need {@link io.overair.client.Ota} and
 * {@link io.overair.client.http.HttpTransport}.
 *
 * <p>For those who know the classes {@code OTA} and {@code WiFiOTA} of the Pycom example: the flow is in {@code Ota}, which
 * is final; the two methods that {@code OTA} left open are a {@link io.overair.client.Transport}, which can be a lambda and
 * can be wrapped.
 *
 * <table>
 * <caption>What became of what</caption>
 * <thead><tr><th>A Pycom user wrote</th><th>writes now</th></tr></thead>
 * <tbody>
 * <tr><td>{@code class LoRaOTA(OTA)}</td><td>{@code class LoRaTransport implements Transport}, or a lambda</td></tr>
 * <tr><td>{@code def connect(self)}</td><td>{@link io.overair.client.Transport#connect}, which may be left out</td></tr>
 * <tr><td>{@code def get_data(self, req, …)}</td><td>{@link io.overair.client.Transport#fetch}: one stream, from an
 *     offset</td></tr>
 * <tr><td>{@code hash=True}, {@code dest_path=}, {@code firmware=True}</td><td>nothing: what arrives is hashed and stored
 *     by the {@link io.overair.install.UpdateTransaction}</td></tr>
 * <tr><td>{@code WiFiOTA(ssid, password, ip, port)}</td><td>{@link io.overair.client.http.WiFiOta}, made of an {@code Ota},
 *     an {@code HttpTransport} and a {@link io.overair.client.http.NetworkLink}, which joins the network and leaves it
 *     afterwards</td></tr>
 * <tr><td>{@code ota.connect()}, {@code ota.update()}</td><td>the same</td></tr>
 * <tr><td>{@code machine.reset()} inside {@code update()}</td><td>the host restarts when it gets
 *     {@link io.overair.client.UpdateOutcome.Updated}: a library never ends its host's process</td></tr>
 * <tr><td>{@code pycom.ota_start}, {@code ota_write}, {@code ota_finish}</td><td>a
 *     {@link io.overair.install.FirmwareWriter}</td></tr>
 * <tr><td>{@code OTA_VERSION.VERSION}</td><td>{@link io.overair.install.Installation#version}; the file
 *     {@code flash/OTA_VERSION.py} stays readable by the Pycom client</td></tr>
 * </tbody>
 * </table>
 */
@NullMarked
package io.overair.client;

import org.jspecify.annotations.NullMarked;
