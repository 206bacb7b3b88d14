package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes down each call, and then does what the test wants done. */
final class FakeHook implements UpdateHook {
    private final String name;
    private final List<String> calls;
    private final Map<HookEvent, TimeLimit.Body> bodies = new EnumMap<>(HookEvent.class);
    private Duration limit = Duration.ofMinutes(1);

    FakeHook(String name, List<String> calls) {
        this.name = name;
        this.calls = calls;
    }

    FakeHook doing(HookEvent event, TimeLimit.Body body) {
        bodies.put(event, body);
        return this;
    }

    FakeHook failing(HookEvent event) {
        return doing(event, () -> {
            throw new IOException("not now");
        });
    }

    FakeHook withLimit(Duration other) {
        limit = other;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Duration limit() {
        return limit;
    }

    @Override
    public void beforeApply(Change change) throws IOException, InterruptedException {
        call(HookEvent.BEFORE_APPLY, change);
    }

    @Override
    public void afterApply(Change change) throws IOException, InterruptedException {
        call(HookEvent.AFTER_APPLY, change);
    }

    @Override
    public void beforeRestart(Change change) throws IOException, InterruptedException {
        call(HookEvent.BEFORE_RESTART, change);
    }

    @Override
    public void onRollback(Change change) throws IOException, InterruptedException {
        call(HookEvent.ON_ROLLBACK, change);
    }

    @Override
    public void undo(Change change) throws IOException, InterruptedException {
        call(HookEvent.UNDO, change);
    }

    private void call(HookEvent event, Change change) throws IOException, InterruptedException {
        calls.add("%s %s %s-%s".formatted(name, Words.of(event), text(change.from()), text(change.to())));
        TimeLimit.Body body = bodies.get(event);
        if (body != null) {
            body.run();
        }
    }

    private static String text(Optional<LooseVersion> version) {
        return version.map(LooseVersion::toString).orElse("?");
    }
}
