package io.overair.install;

import io.overair.version.LooseVersion;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an installation is changed from and to, as hooks are told.
 *
 * @param files the folder through which the files are reached at that time, as {@link Installation#files} tells; with {@linkplain
 *     Layout slots} it is their link, which leads to the new release from {@link UpdateHook#afterApply} on
 * @param from the version before the change; empty if nobody knows
 * @param to the version after it; empty if nobody knows
 */
public record Change(Path files, Optional<LooseVersion> from, Optional<LooseVersion> to) {}
