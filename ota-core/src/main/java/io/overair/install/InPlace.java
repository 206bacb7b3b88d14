package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/** Files that are changed where they lie. */
record InPlace(Tree files, Predicate<DevicePath> writtenInPlace) implements Placement {
    @Override
    public Layout layout() {
        return Layout.IN_PLACE;
    }

    @Override
    public Needs check(Release release) throws IOException {
        Planner.Steps steps = release.check(files);
        files.checkFoldersOf(steps.steps());
        Stores stores = Stores.at(files, steps.mounts());
        stores.checkUsable(files);
        LinkProbe links = new LinkProbe(files);
        Map<StateFolder, Long> copies = new HashMap<>();
        for (Step step : steps.steps()) {
            if (step.backup().isPresent() && step.before() instanceof Entry.File file) {
                StateFolder store = stores.of(step.place());
                if (writtenInPlace.test(step.place())
                        || !hasLinks(store)
                        || !links.mayLink(files.at(step.place()), files.status(step.place()), store)) {
                    copies.merge(store, file.size(), Long::sum);
                }
            }
        }
        return new Needs(stores, steps.steps().size(), copies, copies);
    }

    /** A store without modes is one without links, or one of Windows, where that is not known. */
    private boolean hasLinks(StateFolder store) throws IOException {
        return !files.look().status(store.mount()).attributes().equals(Attributes.NONE);
    }

    @Override
    public TreeChange change(
            SortedMap<DevicePath, Planner.Wanted> wanted,
            Map<DevicePath, Draft.Source> sources,
            Optional<DevicePath> last)
            throws IOException {
        return new TreeChange(Planner.plan(files, files.disk()::entry, wanted, last), sources);
    }
}
