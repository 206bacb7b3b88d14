/**
 * Keeps a device up to date over any transport. Most programs need {@link io.overair.client.Ota} and
 * {@link io.overair.client.http.HttpTransport}.
 *
 * <p>What is promised of an update, and the tests that prove it; the numbers are those of a longer list, of which signed
 * releases are to bring the rest:
 *
 * <table>
 * <caption>Promises</caption>
 * <thead><tr><th>No.</th><th>Promise</th><th>Evidence</th></tr></thead>
 * <tbody>
 * <tr><td>1</td><td>After power loss or a kill at any instant, and after any number of further cuts during recovery, the tree
 *     is exactly the old or exactly the new version, without network.</td><td>{@code InstallationCrashTest},
 *     {@code PlantedBugsTest}, {@code KilledProcessTest}</td></tr>
 * <tr><td>2</td><td>When an update has reported success, a power cut does not undo it.</td>
 *     <td>{@code InstallationCrashTest}</td></tr>
 * <tr><td>3</td><td>Nothing is written outside the tree and its folder {@code .ota}, whatever the server says.</td>
 *     <td>{@code HostileReleaseTest}, {@code HostileManifestTest}, {@code DevicePathTest}</td></tr>
 * <tr><td>5</td><td>A release that does not confirm its health is undone by itself, and not tried again, if it was installed with a
 *     {@linkplain io.overair.install.Trial trial}.</td><td>{@code GuardTest}, {@code TrialTest},
 *     {@code InstallationCrashTest}, {@code TrialUpdateTest}</td></tr>
 * <tr><td>6</td><td>A full disk, an I/O error or a dead server leaves the device running what it ran. Where the medium refuses
 *     both directions it says so ({@code STUCK}), loses nothing, and goes on at the next open.</td>
 *     <td>{@code InstallationFaultTest}, {@code FaultOutcomeTest}, {@code UpdateCommandTest}</td></tr>
 * </tbody>
 * </table>
 *
 * <p>Not promised: that a program which reads the tree <em>while</em> it is changed sees no mixture, and anything on FAT.
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
