package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Everything a transaction changes, in order: the journal. It is written once and never altered.
 *
 * <pre>
 * OTAPLAN 1 8c5b5b13 1.0.0 1.0.1 2                                     id, from, to, number of steps
 * store 0 . 0f63…                                                     number, where it is mounted, its id
 * 0 del flash/old.py file:9f86…:120:644 absent - 0                    number, kind, path, before, after, staged, backup
 * 1 put flash/main.py file:60303…:300:644 file:fd61…:310:644 1 1
 * END …
 * </pre>
 *
 * @param stores id of each file store by the folder of the tree it is mounted at, {@code .} for the root's
 */
record Plan(
        String id,
        Optional<LooseVersion> from,
        Optional<LooseVersion> to,
        Map<String, String> stores,
        List<Step> steps) {
    Plan {
        Ids.check(id);
        stores.keySet().stream().filter(mount -> !mount.equals(ROOT)).forEach(DevicePath::new);
    }

    private static final String NAME = "OTAPLAN";
    private static final String FORMAT = "1";

    /** Where the root's store is mounted. */
    static final String ROOT = ".";

    /** The id of each store that is mounted in the tree; one that a plan changes something on always has one. */
    SortedMap<DevicePath, Optional<String>> mountedStores() {
        SortedMap<DevicePath, Optional<String>> mounted = new TreeMap<>();
        stores.forEach((mount, store) -> {
            if (!mount.equals(ROOT)) {
                mounted.put(new DevicePath(mount), Optional.of(store));
            }
        });
        return mounted;
    }

    SealedText toText() {
        SealedText text = new SealedText().line(NAME, FORMAT, id, from, to, steps.size());
        int store = 0;
        for (Map.Entry<String, String> entry : stores.entrySet()) {
            text.line("store", store++, entry.getKey(), entry.getValue());
        }
        int number = 0;
        for (Step step : steps) {
            text.line(
                    number++,
                    step.kind().name().toLowerCase(Locale.ROOT),
                    step.path(),
                    step.before(),
                    step.after(),
                    optional(step.staged()),
                    optional(step.backup()));
        }
        return text;
    }

    /**
     * What {@link #toText} wrote.
     *
     * @throws SpoiltException if it is not whole or not such a plan
     */
    static Plan parse(InputStream input) throws IOException {
        SealedLines lines = new SealedLines(input);
        try {
            List<String> head = lines.next();
            if (!head.get(0).equals(NAME) || !head.get(1).equals(FORMAT)) {
                throw new SpoiltException("it is no plan that this version understands");
            }
            Map<String, String> stores = new LinkedHashMap<>();
            List<Step> steps = new ArrayList<>();
            for (List<String> line = lines.next(); !line.equals(SealedLines.END); line = lines.next()) {
                if (line.get(0).equals("store")) {
                    stores.put(SealedText.decode(line.get(2)), line.get(3));
                } else {
                    steps.add(step(line));
                }
            }
            if (steps.size() != Integer.parseInt(head.get(5))) {
                throw new SpoiltException("it has %d steps of %s".formatted(steps.size(), head.get(5)));
            }
            return new Plan(head.get(2), version(head.get(3)), version(head.get(4)), stores, List.copyOf(steps));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new SpoiltException("it is no plan: " + e.getMessage(), e);
        }
    }

    /** What was at each path before the plan, however often a path is changed. */
    Map<DevicePath, Step> firstOfEachPath() {
        Map<DevicePath, Step> first = new LinkedHashMap<>();
        for (Step step : steps) {
            step.path().ifPresent(path -> first.putIfAbsent(path, step));
        }
        return first;
    }

    /** What is at each path after the plan, however often a path is changed. */
    Map<DevicePath, Step> lastOfEachPath() {
        Map<DevicePath, Step> last = new LinkedHashMap<>();
        for (Step step : steps) {
            step.path().ifPresent(path -> last.put(path, step));
        }
        return last;
    }

    /** The same, without what it changed below the stores that are mounted at {@code mounts}. */
    Plan without(Set<DevicePath> mounts) {
        Predicate<DevicePath> isLeftOut = path -> mounts.stream().anyMatch(mount -> Stores.isAt(mount, path));
        Map<String, String> otherStores = new LinkedHashMap<>(stores);
        mountedStores().keySet().stream()
                .filter(isLeftOut)
                .map(DevicePath::value)
                .forEach(otherStores::remove);
        List<Step> otherSteps = steps.stream()
                .filter(step -> step.path().filter(isLeftOut).isEmpty())
                .toList();
        return new Plan(id, from, to, otherStores, otherSteps);
    }

    /** What was there before the plan, with the numbers of its backups. */
    SortedMap<DevicePath, Planner.Wanted> wantedBefore() {
        SortedMap<DevicePath, Planner.Wanted> wanted = new TreeMap<>();
        firstOfEachPath().forEach((path, step) -> wanted.put(path, Planner.Wanted.before(step)));
        return wanted;
    }

    /** What is put last, which is the version file if there is one. */
    Optional<DevicePath> lastPut() {
        return steps.stream()
                .filter(Step::movesStagedFile)
                .reduce((first, second) -> second)
                .flatMap(Step::path);
    }

    Optional<Step> activation() {
        return steps.stream().filter(step -> step.kind() == Step.Kind.ACTIVATE).findFirst();
    }

    private static Step step(List<String> line) {
        return new Step(
                Step.Kind.valueOf(line.get(1).toUpperCase(Locale.ROOT)),
                SealedText.optional(line.get(2)).map(DevicePath::new),
                Entry.parse(SealedText.decode(line.get(3))),
                Entry.parse(SealedText.decode(line.get(4))),
                number(line.get(5)),
                number(line.get(6)));
    }

    private static Optional<Integer> optional(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static OptionalInt number(String field) {
        return SealedText.optional(field)
                .map(text -> OptionalInt.of(Integer.parseInt(text)))
                .orElse(OptionalInt.empty());
    }

    private static Optional<LooseVersion> version(String field) {
        return SealedText.optional(field).map(LooseVersion::parse);
    }
}
