package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Files that are changed where they lie. */
record InPlace(Tree files) implements Placement {
    @Override
    public Layout layout() {
        return Layout.IN_PLACE;
    }

    @Override
    public Needs check(Release release) throws IOException {
        Planner.Steps steps = release.check(files);
        files.checkFoldersOf(steps.steps());
        return new Needs(steps.mounts(), 0);
    }

    @Override
    public Change change(
            SortedMap<DevicePath, Planner.Wanted> wanted,
            Map<DevicePath, Draft.Source> sources,
            Optional<DevicePath> last)
            throws IOException {
        Planner.Steps steps = Planner.plan(files, place -> files.disk().entry(place.file()), wanted, last);
        return new Change(steps, sources);
    }
}
