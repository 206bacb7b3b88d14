package io.overair.examples.cli;

import io.overair.install.Installation;
import io.overair.install.Recovery;

/** What there is to say about an earlier run that was cut. */
record Recovered(Recovery recovery) {
    /** For verbs that are about something else: says it if there is something to say. */
    static void tell(Installation installation, Console console) {
        if (installation.recovery() != Recovery.NOTHING_TO_DO) {
            Recovered recovered = new Recovered(installation.recovery());
            console.detail(recovered.toText());
            console.jsonDetail("recovered", line -> line.put("result", recovered.word()));
        }
    }

    String word() {
        return switch (recovery) {
            case NOTHING_TO_DO -> "nothing-to-do";
            case FINISHED -> "finished";
            case UNDONE -> "undone";
            case CLEANED_UP -> "cleaned-up";
            case ROLLED_BACK -> "rolled-back";
            case STAYS -> "stays";
            case RESTORED -> "restored";
        };
    }

    String toText() {
        return switch (recovery) {
            case NOTHING_TO_DO -> "nothing to do";
            case FINISHED -> "recovered    a change that was cut is finished";
            case UNDONE -> "recovered    a change that was cut could not be finished and is undone";
            case CLEANED_UP -> "recovered    what was left of a change that had not begun is removed";
            case ROLLED_BACK -> "recovered    a release that was rejected is taken back";
            case STAYS -> "rejected     a release that was rejected cannot be taken back now";
            case RESTORED -> "recovered    files that a Pycom client had left half-way are back";
        };
    }
}
