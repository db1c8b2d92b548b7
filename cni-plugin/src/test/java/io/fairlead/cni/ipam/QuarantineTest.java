package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.protocol.CniErrorCode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Addresses between the request to go and the end of the link. */
class QuarantineTest extends PoolFixture {

  @Test
  @DisplayName("a retiring address is neither handed out nor given on request (pod-network 20, 27)")
  void quarantine() throws Exception {
    configure("10.0.0.0/29", "fd00::/64");
    allocate("a");
    assertThat(containers(List.of(pool.retire(key("a")).orElseThrow()))).containsExactly("a");
    assertThat(pool.leases()).isEmpty();
    assertThat(pool.lease(key("a"))).isEmpty();
    assertThat(pool.usage().getFirst().used()).as("still used").isEqualTo(1);
    assertRefused(
        CniErrorCode.ADDRESS_UNAVAILABLE, "10.0.0.2 is in use", () -> allocate("b", "10.0.0.2"));
    assertRefused(
        CniErrorCode.ADDRESS_UNAVAILABLE, "fd00::2 is in use", () -> allocate("b", "fd00::2"));
    assertThat(allocate("b")).isEqualTo("10.0.0.3 fd00::3");
    configure("10.0.0.0/28", "fd00::/64");
    assertRefused(
        CniErrorCode.ADDRESS_UNAVAILABLE,
        "10.0.0.2 is in use",
        () -> allocate("c", "10.0.0.2")); // in a range that came later, too
    pool.release(key("a"));
    assertThat(allocate("c", "10.0.0.2")).isEqualTo("10.0.0.2 fd00::4");
  }

  @Test
  @DisplayName("what was never leased, or retires already, has nothing to retire (pod-network 2)")
  void unknown() throws Exception {
    configure("10.0.0.0/29");
    assertThat(pool.retire(key("never"))).isEmpty();
    allocate("a");
    assertThat(pool.retire(key("a"))).isPresent();
    assertThat(pool.retire(key("a"))).isEmpty();
    assertThat(pool.retiring()).hasSize(1);
    // What a link tells of does not bring it back.
    pool.adopt(pool.retiring().getFirst());
    assertThat(pool.leases()).isEmpty();
    assertThat(pool.release(key("a"))).isPresent();
    assertThat(pool.release(key("a"))).isEmpty();
    assertThat(pool.usage().getFirst().used()).isZero();
  }

  @Test
  @DisplayName("an attachment that retires gets nothing new before it is gone (pod-network 21)")
  void addWhileRetiring() throws Exception {
    configure("10.0.0.0/29");
    allocate("a");
    pool.retire(key("a"));
    assertRefused(CniErrorCode.TRY_AGAIN, "is still being removed", () -> allocate("a"));
    pool.release(key("a"));
    assertThat(allocate("a")).isEqualTo("10.0.0.3");
    assertThat(pool.retiring()).isEmpty();
  }

  @Test
  @DisplayName(
      "a range that is full of what retires is no trouble, but has no address (pod-network 18)")
  void fullWhileRetiring() throws Exception {
    configure("10.0.0.0/30");
    allocate("a");
    assertThat(pool.trouble()).isPresent();
    pool.retire(key("a"));
    assertThat(pool.trouble()).as("about to become free").isEmpty();
    assertRefused(CniErrorCode.TRY_AGAIN, "all 1 addresses", () -> allocate("b"));
    pool.release(key("a"));
    assertThat(allocate("b")).isEqualTo("10.0.0.2");
  }
}
