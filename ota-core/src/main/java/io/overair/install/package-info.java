/**
 * Changes the files and the firmware of a device so that a cut at any instant leaves the old release or the new one.
 *
 * <p>Start with {@link io.overair.install.Installation}: opening it brings to an end what a cut left, {@code begin} takes a
 * manifest, {@code stage} its files, and {@code commit} makes the change.
 *
 * <pre>{@code
 * try (Installation installation = Installation.open(root);
 *         UpdateTransaction update = installation.begin(manifest)) {
 *     for (Target target : update.missing()) {
 *         update.stage(target, update.held(target), contentOf(target));
 *     }
 *     update.commit();
 * }
 * }</pre>
 *
 * <p>How it is done. Everything that an update needs is made durable beside the tree first, in the folder {@code .ota} at its
 * root: new files, second names of the old ones, the states to come. Then one plan is renamed into place: that is the commit
 * point. From there on the steps of the plan are made, each of which can tell from the disk whether it is done; whoever opens
 * the installation after a cut goes on with them, or, where that cannot be, goes back by a plan made of the old files. What an
 * update replaced is kept, and is the way back of {@link io.overair.install.Installation#rollBack}.
 *
 * <p>What can be added: {@link io.overair.install.FirmwareWriter} for firmware in the same transaction,
 * {@link io.overair.install.UpdateHook} for whoever has a say in it, {@link io.overair.install.Trial} for releases that have to
 * prove themselves; see also {@link io.overair.health} and {@link io.overair.guard}.
 */
@NullMarked
package io.overair.install;

import org.jspecify.annotations.NullMarked;
