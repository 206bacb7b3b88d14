package io.overair.examples.embedding;

import io.overair.install.Change;
import io.overair.install.InstallationOptions;
import io.overair.install.UpdateHook;
import java.io.IOException;

/** A hook of one's own. */
public final class OwnHook {
    private OwnHook() {}

    /** What the updated program does for its living. */
    public interface Billing {
        /** Pauses until the next restart; may be called again. Throws if a run is going on. */
        void pause() throws IOException;

        /** Goes on; may be called again. */
        void resume() throws IOException;
    }

    /** Updates only while {@code billing} pauses. */
    public static InstallationOptions pausing(Billing billing) {
        return InstallationOptions.defaults().withHook(new BillingPause(billing));
    }

    // README: begin hook
    record BillingPause(Billing billing) implements UpdateHook {
        @Override
        public String name() {
            return "billing";
        }

        @Override
        public void beforeApply(Change change) throws IOException {
            billing.pause(); // an exception is a veto: the device stays as it is
        }

        @Override // if nothing comes of the update, also when a cut is to blame
        public void undo(Change change) throws IOException {
            billing.resume();
        }
    }
    // README: end hook
}
