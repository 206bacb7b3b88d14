package io.overair.install;

import java.io.IOException;
import java.time.Duration;

/**
 * Takes part in updates: stops and starts an application, migrates its data, says that now is not the time.
 *
 * <p>A hook fails by throwing anything, or by taking longer than its {@link #limit}. Before one is started for the first
 * time in an update, that is written down and forced to the disk. If nothing comes of that update, because of a failure
 * or a cut, {@link #undo} is called on every hook that was started, the last one first, when the tree is what it was: at
 * once, or when a program that has the hook opens the installation.
 *
 * <p>What an implementation has to bear:
 *
 * <ul>
 *   <li>Every method may be called again after a crash in the midst of it, and must then end as if it had been called once.
 *   <li>{@code undo} may come for a hook that had just been about to start.
 *   <li>{@code beforeApply} may have been called for an update that is then brought to its end, or undone, by another
 *       process: what is needed later has to be on the disk.
 *   <li>A hook is called on a thread of its own, while the installation waits for it. When its time is over that thread is
 *       interrupted; one that does not end then is left behind and may still be running when {@code undo} is called.
 * </ul>
 *
 * <p>It must neither call the installation nor change a file that belongs to a release. Errors of the virtual machine, such
 * as too little memory, are no failures of the hook: they reach the caller, and the next {@link Installation#open} goes on.
 *
 * @see CommandHook
 */
public interface UpdateHook {

    /**
     * Under which name it is written down: small letters, digits, {@code -}, {@code _} and {@code .}, at most 64, beginning
     * with a letter or digit. No other hook of the installation has it, and it stays the same in later releases of the
     * program. What was started under a name that a program does not know, it leaves to one that does; it is forgotten when
     * the installation is updated by a program that does not know it.
     */
    String name();

    /** How long each of its methods may take. */
    default Duration limit() {
        return Duration.ofMinutes(1);
    }

    /**
     * All of an update is on the device, and nothing of the tree is changed yet; firmware is in the slot that does not
     * run, where it stays after a veto. A failure is a veto: the update ends with a {@link HookVetoException}. Not called for a rollback.
     */
    default void beforeApply(Change change) throws IOException, InterruptedException {}

    /**
     * The tree is the new one, firmware is active; firmware from which there is {@linkplain FirmwareWriter#activate no way
     * back} is made active when all hooks have agreed. A failure has the whole update undone. So is an update that was cut
     * when the program that finds it does not know one of its hooks: nobody could ask that. Not called for a rollback.
     */
    default void afterApply(Change change) throws IOException, InterruptedException {}

    /**
     * The device, or the application, is about to be restarted into {@code change.to()}. A failure puts the restart off;
     * nothing is undone.
     */
    default void beforeRestart(Change change) throws IOException, InterruptedException {}

    /**
     * The tree is that of {@code change.to()} again, the version before. A failure is written down and changes nothing: a
     * rollback is the rescue. Only the program that makes the rollback, or finishes it, tells its hooks: a guard has none but the
     * commands that it is given.
     */
    default void onRollback(Change change) throws IOException, InterruptedException {}

    /**
     * Nothing came of the update, and the tree is that of {@code change.from()}. After a failure this is called once more; a
     * second one is written down as well, keeps no other hook from being undone, and is the last.
     */
    default void undo(Change change) throws IOException, InterruptedException {}
}
