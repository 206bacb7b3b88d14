package io.overair.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.server.netty.OtaServer.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What moves the bytes on this machine. */
class EngineTest {
    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    void linuxIsServedThroughItsOwnInterface() {
        assertThat(Engine.best()).isEqualTo(Engine.EPOLL);
    }
}
