/**
 * Proves code that changes files safe against crashes: your own {@link io.overair.install.FirmwareWriter}, your own {@link
 * io.overair.install.UpdateHook}, or anything else. It is the kit with which Overair proves itself. Begin with {@link
 * io.overair.crashkit.CrashTest}.
 *
 * <p>A file that is replaced safely, in a dozen lines:
 *
 * <pre>{@code
 * CrashTest.of("settings", disk -> save(disk, "new"), disk -> {
 *             disk.forceFolder(ETC); // what a kill left may be in memory only
 *             removeLeftovers(disk);
 *         })
 *         .withFiles(Map.of("/etc/settings", "old"))
 *         .everySecondCut()
 *         .requireSafe();
 *
 * void save(SimulatedDisk disk, String text) throws IOException {
 *     disk.create(ETC.resolve("settings.tmp"), text);
 *     disk.force(ETC.resolve("settings.tmp"));   // without this line the test fails and tells the story
 *     disk.move(ETC.resolve("settings.tmp"), ETC.resolve("settings"));
 *     disk.forceFolder(ETC);
 * }
 * }</pre>
 *
 * <p>A kill loses nothing yet: what was not forced is still in memory, and a power cut may come later. So code that goes on from
 * what it finds, a recovery or a {@link io.overair.install.FirmwareWriter} that looks which slot is active, forces that first. A
 * force that is missing there is found by {@link io.overair.crashkit.CrashTest#everySecondCut} only; {@link
 * io.overair.crashkit.CrashTest#everyCut} is ten times as quick and passes it over.
 *
 * <p>In Maven it is {@code io.overair:ota-core} with {@code <type>test-jar</type>} and {@code <scope>test</scope>}, beside {@code
 * ota-core} itself. It needs no library: no JUnit, no AssertJ. Some of its classes are in the package of the library that they
 * cut, so it works on the class path; in a project with a {@code module-info} set {@code useModulePath} of surefire to false.
 */
@NullMarked
package io.overair.crashkit;

import org.jspecify.annotations.NullMarked;
