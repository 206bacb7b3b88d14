package io.overair.install;

import io.overair.version.LooseVersion;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an installation is changed from and to, as hooks are told.
 *
 * @param root where the files are
 * @param from the version before the change; empty if nobody knows
 * @param to the version after it; empty if nobody knows
 */
public record Change(Path root, Optional<LooseVersion> from, Optional<LooseVersion> to) {}
