package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.install.TrialStatus;

/** What there is to say about a release that is on trial. */
record OnTrial(TrialStatus trial) {
    String toText() {
        return trial.rejection()
                .map(reason -> trial.release() + " is rejected: " + reason)
                .orElseGet(() -> "%s, %d %s and %s left"
                        .formatted(
                                trial.release(),
                                trial.startsLeft(),
                                trial.startsLeft() == 1 ? "start" : "starts",
                                TimeSpan.toText(trial.remaining())));
    }

    void putInto(ObjectNode line) {
        line.put("release", trial.release().toString())
                .put("startsLeft", trial.startsLeft())
                .put("remainingMillis", trial.remaining().toMillis())
                .put("healthyStarts", trial.healthyStarts())
                .put("healthyStartsNeeded", trial.healthyStartsNeeded());
        trial.rejection().ifPresent(reason -> line.put("rejection", reason));
    }

    /** Why an update, and a look for one, has to wait. */
    CommandFailure failure() {
        return new CommandFailure(
                ErrorCode.IN_TRIAL,
                trial.release() + " is on trial: there is no update before that is over",
                "nothing was changed. `ota confirm` keeps the release, `ota reject` takes it back.");
    }
}
