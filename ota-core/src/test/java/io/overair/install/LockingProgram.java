package io.overair.install;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Another process: locks a file, says {@code held}, and holds it until its input ends; or says why it could not. */
final class LockingProgram {
    private LockingProgram() {}

    public static void main(String[] arguments) throws IOException {
        try {
            Closeable held = new NioFilePort().lock(Path.of(arguments[0]));
            System.out.println("held");
            System.in.readAllBytes();
            held.close();
        } catch (InstallationLockedException e) {
            System.out.println(e.getMessage());
        }
    }
}
