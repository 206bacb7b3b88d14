package io.overair.server.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ServerLimitsTest {
    @Test
    void eachWitherChangesItsOwnLimitOfACopy() {
        ServerLimits limits = ServerLimits.defaults()
                .withHeadTimeout(Duration.ofSeconds(101))
                .withIdleTimeout(Duration.ofSeconds(102))
                .withStallTimeout(Duration.ofSeconds(103))
                .withDrainTimeout(Duration.ofSeconds(104))
                .withCloseTimeout(Duration.ofSeconds(105))
                .withConnections(106)
                .withConnectionsPerPeer(107)
                .withWaitingRequests(108);

        assertThat(limits.headTimeout()).hasSeconds(101);
        assertThat(limits.idleTimeout()).hasSeconds(102);
        assertThat(limits.stallTimeout()).hasSeconds(103);
        assertThat(limits.drainTimeout()).hasSeconds(104);
        assertThat(limits.closeTimeout()).hasSeconds(105);
        assertThat(limits.connections()).isEqualTo(106);
        assertThat(limits.connectionsPerPeer()).isEqualTo(107);
        assertThat(limits.waitingRequests()).isEqualTo(108);
        assertThat(ServerLimits.defaults().headTimeout()).hasSeconds(10);
        assertThat(ServerLimits.defaults().connectionsPerPeer()).isEqualTo(256);
    }

    @Test
    void limitsThatForbidEverythingAreRefused() {
        ServerLimits limits = ServerLimits.defaults();

        assertThatThrownBy(() -> limits.withHeadTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits.withConnections(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
