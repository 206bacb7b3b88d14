package io.overair.install;

import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.after;
import static io.overair.install.Device.offer;

import io.overair.install.Device.Offer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Updates and rollbacks with hooks that leave files behind. Where the old tree is, there is none of them; where the new one
 * is, there are all.
 */
final class HookScenarios {
    private static final Map<String, String> OLD = Map.of("a", "old", "gone/x", "x");
    private static final Map<String, String> NEW = Map.of("a", "new", "made/y", "y");
    private static final Offer OFFER =
            offer("2").file("a", "new").file("made/y", "y").without("gone/x");
    private static final List<String> NONE = List.of();
    private static final List<String> ALL =
            List.of("first.2.after-apply", "first.2.before-apply", "second.2.after-apply", "second.2.before-apply");
    private static final List<String> ALL_OF_BOTH = List.of(
            "first.2.after-apply",
            "first.2.before-apply",
            "first.3.after-apply",
            "first.3.before-apply",
            "second.2.after-apply",
            "second.2.before-apply",
            "second.3.after-apply",
            "second.3.before-apply");

    private static final Device DEVICE = new Device(port -> InstallationOptions.defaults()
            .withHook(new MarkingHook("first", port))
            .withHook(new MarkingHook("second", port)));
    private static final Device VETOED = new Device(port -> InstallationOptions.defaults()
            .withHook(new MarkingHook("first", port))
            .withHook(new RefusingHook(HookEvent.BEFORE_APPLY)));
    private static final Device FAILING = new Device(port -> InstallationOptions.defaults()
            .withHook(new MarkingHook("first", port))
            .withHook(new MarkingHook("second", port))
            .withHook(new RefusingHook(HookEvent.AFTER_APPLY)));

    private HookScenarios() {}

    static List<Scenario> all() {
        return judged(List.of(
                new Marked(update(), NONE, ALL),
                new Marked(veto(), NONE, ALL),
                new Marked(failure(), NONE, ALL),
                new Marked(updateAfterAnother(), ALL, ALL_OF_BOTH),
                new Marked(updateAfterVeto(), NONE, ALL),
                new Marked(recoveryByAProgramWithoutHooks(), NONE, ALL),
                new Marked(rollback(), NONE, List.of("first..on-rollback", "second..on-rollback")),
                new Marked(SlotScenarios.switchingWithHooks(), NONE, inSlots(ALL)),
                new Marked(SlotScenarios.updateWithHooks(), NONE, inSlots(ALL))));
    }

    /** The same, judged by the tree alone: a hook whose undo meets a fault is not undone. */
    static List<Scenario> ofTheTree() {
        return List.of(
                update(),
                veto(),
                failure(),
                updateAfterAnother(),
                updateAfterVeto(),
                recoveryByAProgramWithoutHooks(),
                rollback(),
                SlotScenarios.switchingWithHooks(),
                SlotScenarios.updateWithHooks());
    }

    /** Those bring another version. */
    private static List<String> inSlots(List<String> marks) {
        return marks.stream().map(mark -> mark.replace(".2.", ".1.0.1.")).toList();
    }

    static Scenario markedUpdate() {
        return all().get(0);
    }

    private record Marked(Scenario scenario, List<String> before, List<String> then) {}

    private static List<Scenario> judged(List<Marked> scenarios) {
        return scenarios.stream()
                .map(marked -> marked.scenario().judgedBy(withMarks(marked)))
                .toList();
    }

    private static Scenario update() {
        return scenario("update with hooks", disk(OLD), DEVICE.update("u", OFFER.manifest()), DEVICE, OLD, NEW);
    }

    private static Scenario veto() {
        return scenario(
                        "a hook vetoes",
                        disk(OLD),
                        Scenario.refused(VETOED.update("u", OFFER.manifest()), HookVetoException.class),
                        VETOED,
                        OLD,
                        NEW)
                .endingIn(Verdict.OLD);
    }

    private static Scenario failure() {
        return scenario(
                        "a hook fails after the update",
                        disk(OLD),
                        Scenario.refused(FAILING.update("u", OFFER.manifest()), UpdateUndoneException.class),
                        FAILING,
                        OLD,
                        NEW)
                .endingIn(Verdict.OLD);
    }

    /** The older way back goes, with what is written there of hooks that are not to be undone. */
    private static Scenario updateAfterAnother() {
        Map<String, String> then = Map.of("a", "newest", "made/y", "y");
        return scenario(
                "a second update with hooks",
                after(disk(OLD), DEVICE.update("u", OFFER.manifest())),
                DEVICE.update("v", offer("3").file("a", "newest").manifest()),
                DEVICE,
                NEW,
                then);
    }

    private static Scenario updateAfterVeto() {
        return scenario(
                "an update after a veto",
                after(disk(OLD), veto().action()),
                DEVICE.update("v", OFFER.manifest()),
                DEVICE,
                OLD,
                NEW);
    }

    /** It was cut when its hooks had agreed; they are undone by the program that has them, at the next start. */
    private static Scenario recoveryByAProgramWithoutHooks() {
        CrashDisk disk = disk(OLD);
        FilePort cutting = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.to().filter(to -> to.endsWith("done")).isPresent()) {
                    throw new PowerCut("before the end");
                }
                call.run();
            }
        };
        try {
            DEVICE.update("u", OFFER.manifest()).on(cutting);
        } catch (PowerCut expected) {
            disk.settle();
        } catch (IOException e) {
            throw new IllegalStateException("the preparation failed", e);
        }
        return scenario(
                        "recovery by a program without hooks",
                        disk.afterKill(),
                        Device.plain()::recover,
                        DEVICE,
                        OLD,
                        NEW)
                .endingIn(Verdict.OLD);
    }

    private static Scenario rollback() {
        return scenario(
                "rollback with hooks",
                after(disk(OLD), Device.plain().update("u", OFFER.manifest())),
                DEVICE.rollBack("b"),
                DEVICE,
                NEW,
                OLD);
    }

    private static Scenario scenario(
            String name,
            CrashDisk disk,
            Scenario.Run action,
            Device device,
            Map<String, String> before,
            Map<String, String> then) {
        return Scenario.of(
                name,
                disk,
                action,
                device::recover,
                Scenario.judgeByTree(ROOT, disk(before).tree(ROOT), disk(then).tree(ROOT)));
    }

    private static CrashDisk disk(Map<String, String> tree) {
        return new CrashDisk().with(ROOT, tree).with(MarkingHook.MARKS, Map.of());
    }

    /** The tree's verdict, if there are the marks that go with it. */
    private static Function<CrashDisk, Verdict> withMarks(Marked marked) {
        return disk -> {
            Verdict verdict = marked.scenario().judge().apply(disk);
            List<String> due = verdict == Verdict.OLD ? marked.before() : marked.then();
            List<String> found =
                    List.copyOf(disk.tree(MarkingHook.MARKS).entries().keySet());
            return found.equals(due) ? verdict : Verdict.TORN;
        };
    }

    /** Says no each time it is asked, also after a cut. */
    record RefusingHook(HookEvent event) implements UpdateHook {
        @Override
        public String name() {
            return "refusing";
        }

        @Override
        public void beforeApply(Change change) throws IOException {
            refuse(HookEvent.BEFORE_APPLY);
        }

        @Override
        public void afterApply(Change change) throws IOException {
            refuse(HookEvent.AFTER_APPLY);
        }

        private void refuse(HookEvent now) throws IOException {
            if (now == event) {
                throw new IOException("not now");
            }
        }
    }
}
