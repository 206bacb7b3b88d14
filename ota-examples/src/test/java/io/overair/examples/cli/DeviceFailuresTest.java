package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DeviceFailuresTest {
    @Test
    void everyTypedExceptionOfCoreAndClientHasARow() {
        Set<String> typed = new ClassFileImporter()
                .importPackages("io.overair.install", "io.overair.client", "io.overair.manifest").stream()
                        .filter(type -> type.isAssignableTo(IOException.class))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getName)
                        .collect(Collectors.toSet());

        assertThat(typed).hasSizeGreaterThan(10);
        assertThat(DeviceFailures.types().map(Class::getName).toList()).containsAll(typed);
    }

    @Test
    void interruptIsNoTimeout() {
        assertThat(failure(new InterruptedIOException()).code()).isEqualTo(ErrorCode.INTERRUPTED);
        assertThat(failure(new SocketTimeoutException()).code()).isEqualTo(ErrorCode.DISK_FAILED);
    }

    @Test
    void hintSaysWhatTheDeviceHasAndWhatToRun() {
        assertThat(failure(new InterruptedIOException()).hint())
                .isEqualTo("nothing was changed, 1.0.0 still runs. What has arrived is kept: run `ota update` again.");
    }

    @Test
    void causesAreToldInPlainWords() {
        assertThat(DeviceFailures.reason(new SocketTimeoutException("timeout"))).isEqualTo("no answer in time");
        assertThat(DeviceFailures.reason(new UnknownHostException("a.example: Name or service not known")))
                .isEqualTo("no such host: a.example");
        assertThat(DeviceFailures.reason(new IOException("Broken pipe"))).isEqualTo("broken pipe");
        assertThat(DeviceFailures.reason(new IOException())).isEqualTo("IOException");
        assertThat(DeviceFailures.reason(new ConnectException("Failed to connect to /127.0.0.1:1")))
                .isEqualTo("failed to connect to 127.0.0.1:1");
        assertThat(DeviceFailures.reason(new IOException("Lib/x: is a folder"))).isEqualTo("Lib/x: is a folder");
    }

    @Test
    void whatFailedIsNamedOnce() {
        assertThat(DeviceFailures.reason(new IOException("Main.py: expected sha1 a, got b"), "Main.py"))
                .isEqualTo("expected sha1 a, got b");
        assertThat(DeviceFailures.reason(new IOException("Broken pipe"), "Main.py"))
                .isEqualTo("broken pipe");
    }

    private static CommandFailure failure(IOException problem) {
        return DeviceFailures.of(problem, "ota update", Optional.of(LooseVersion.parse("1.0.0")));
    }
}
