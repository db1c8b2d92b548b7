package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.dataplane.testing.Seed;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolTest extends PoolFixture {

  private void assertRefused(CniErrorCode code, String sentence, String... arguments) {
    String[] requested = Arrays.copyOfRange(arguments, 1, arguments.length);
    assertRefused(code, sentence, () -> allocate(arguments[0], requested));
  }

  @Test
  @DisplayName("a full range refuses, and serves again after one release (pod-network 18)")
  void exhaustion() throws Exception {
    configure("10.0.0.0/29");
    for (int i = 2; i < 7; i++) {
      assertThat(allocate("c" + i)).isEqualTo("10.0.0." + i);
    }
    assertThat(pool.trouble()).hasValueSatisfying(t -> assertThat(t).contains("all 5 addresses"));
    assertRefused(CniErrorCode.TRY_AGAIN, "all 5 addresses", "x");
    pool.release(key("c4"));
    assertThat(pool.trouble()).isEmpty();
    assertThat(allocate("x")).isEqualTo("10.0.0.4");
  }

  @Test
  @DisplayName("a second ADD is refused and the first lease stays (pod-network 1)")
  void twice() throws Exception {
    configure("10.0.0.0/24");
    allocate("a");
    assertRefused(CniErrorCode.ALREADY_ATTACHED, "already has an interface eth0", "a");
    assertThat(pool.lease(key("a")).orElseThrow().addresses()).hasToString("[10.0.0.2]");
  }

  @Test
  @DisplayName("one container may have two interfaces (pod-network 17)")
  void twoInterfaces() throws Exception {
    configure("10.0.0.0/24");
    allocate("a");
    pool.allocate(
        new AttachmentKey("n", "a", "eth1"),
        AddressRequest.ANY,
        null,
        "",
        AttachmentOptions.DEFAULT);
    assertThat(pool.leases()).hasSize(2);
    pool.release(key("a"));
    assertThat(pool.leases()).extracting(l -> l.key().interfaceName()).containsExactly("eth1");
  }

  @Test
  @DisplayName("a late DEL of the former holder does not touch the new one (pod-network 21)")
  void lateDelete() throws Exception {
    configure("10.0.0.0/30");
    allocate("a");
    pool.release(key("a"));
    assertThat(allocate("b")).isEqualTo("10.0.0.2");
    assertThat(pool.release(key("a"))).isEmpty();
    assertRefused(CniErrorCode.TRY_AGAIN, "in use", "c");
  }

  @Test
  @DisplayName("late reuse outlives a restart (pod-network 20)")
  void lateReuseAfterRestart() throws Exception {
    configure("10.0.0.0/29");
    for (int i = 2; i < 7; i++) {
      allocate("c" + i);
    }
    for (int i : new int[] {5, 3, 6, 2}) {
      pool.release(key("c" + i));
    }
    reopen("boot-1", "10.0.0.0/29");
    assertThat(allocate("n1")).isEqualTo("10.0.0.5");
    reopen("boot-1", "10.0.0.0/29");
    assertThat(allocate("n2")).isEqualTo("10.0.0.3");
    assertThat(allocate("n3")).isEqualTo("10.0.0.6");
    assertThat(allocate("n4")).isEqualTo("10.0.0.2");
    assertRefused(CniErrorCode.TRY_AGAIN, "in use", "n5");
  }

  @Test
  @DisplayName("after a reboot all leases are void, without a DEL (pod-network 22)")
  void reboot() throws Exception {
    configure("10.0.0.0/30");
    allocate("a");
    reopen("boot-2", "10.0.0.0/30");
    assertThat(pool.leases()).isEmpty();
    assertThat(allocate("b")).isEqualTo("10.0.0.2");
    reopen("boot-2", "10.0.0.0/30");
    assertThat(pool.leases()).hasSize(1);
  }

  @Test
  @DisplayName("100 parallel ADDs get 100 addresses (pod-network 24)")
  void parallel() throws Exception {
    configure("10.0.0.0/24", "fd00::/64");
    Set<String> addresses = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Callable<String>> adds = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String container = "c" + i;
        adds.add(() -> allocate(container));
      }
      for (Future<String> add : threads.invokeAll(adds)) {
        addresses.addAll(List.of(add.get().split(" ")));
      }
    }
    assertThat(addresses).hasSize(200);
    reopen("boot-1", "10.0.0.0/24");
    assertThat(pool.leases()).hasSize(100);
  }

  @Test
  @DisplayName("with one family exhausted the other loses nothing (pod-network 25)")
  void dualStackRollback() throws Exception {
    configure("fd00::/64", "10.0.0.0/30");
    assertThat(allocate("a")).isEqualTo("10.0.0.2 fd00::2");
    assertRefused(CniErrorCode.TRY_AGAIN, "10.0.0.0/30", "b");
    assertThat(pool.usage()).extracting(AddressPool.Usage::used).containsExactly(1L, 1L);
    pool.release(key("a"));
    assertThat(allocate("c")).isEqualTo("10.0.0.2 fd00::3");
  }

  @Test
  @DisplayName("pod CIDRs may be late, change, go and come back; leases stay (pod-network 26)")
  void changingRanges() throws Exception {
    assertRefused(CniErrorCode.TRY_AGAIN, "no pod CIDR yet", "a");
    assertThat(pool.trouble()).isPresent();
    configure("10.0.0.0/24");
    assertThat(allocate("a")).isEqualTo("10.0.0.2");
    configure("10.0.1.0/24");
    assertThat(allocate("b")).isEqualTo("10.0.1.2");
    configure();
    pool.release(key("a"));
    configure("10.0.0.0/24");
    assertThat(allocate("c")).as("10.0.0.2 was used before").isEqualTo("10.0.0.3");
    configure("10.0.0.0/23");
    assertThat(allocate("d")).as("wider, b and c still hold theirs").isEqualTo("10.0.0.4");
    assertRefused(CniErrorCode.ADDRESS_UNAVAILABLE, "is in use", "e", "10.0.1.2");
    pool.release(key("b"));
    assertThat(allocate("e", "10.0.1.2")).isEqualTo("10.0.1.2");
  }

  @Test
  @DisplayName("IPv6 only, several ranges of a family, one within another (pod-network 26)")
  void unusualRanges() throws Exception {
    configure("fd00::/126");
    assertThat(allocate("a")).isEqualTo("fd00::2");
    configure("10.0.0.0/30", "10.0.0.0/30", "10.9.0.0/24", "10.9.0.128/25");
    assertThat(pool.usage()).hasSize(2);
    assertThat(allocate("b")).isEqualTo("10.0.0.2");
    assertThat(allocate("c")).isEqualTo("10.9.0.2");
    configure("10.0.0.5/32");
    assertRefused(CniErrorCode.TRY_AGAIN, "no room for a pod", "d");
  }

  @ParameterizedTest
  @DisplayName(
      "requested addresses that cannot be had are refused with the reason (pod-network 27)")
  @CsvSource({
    "10.0.0.1, is the gateway",
    "10.0.0.0, is the network or broadcast",
    "10.0.0.255, is the network or broadcast",
    "10.0.1.7, is in none of",
    "fd01::7, is in none of",
    "10.0.0.77, is in use",
  })
  void requested(String address, String sentence) throws Exception {
    configure("10.0.0.0/24", "fd00::/64");
    assertThat(allocate("holder", "10.0.0.77")).isEqualTo("10.0.0.77 fd00::2");
    assertRefused(CniErrorCode.ADDRESS_UNAVAILABLE, sentence, "a", address);
    assertRefused(CniErrorCode.ADDRESS_UNAVAILABLE, "second", "a", "10.0.0.9", "10.0.0.10");
    assertThat(allocate("a", "fd00::9", "10.0.0.9")).isEqualTo("10.0.0.9 fd00::9");
    assertThat(allocate("b")).isEqualTo("10.0.0.2 fd00::3");
  }

  @Test
  @DisplayName("churn: unique, persistent, and the file stays small (faults 17)")
  void churn() throws Exception {
    RandomGenerator random = Seed.generator("AddressPoolTest");
    configure("10.0.0.0/25", "fd00::/64");
    Map<String, String> model = new LinkedHashMap<>();
    for (int i = 0; i < 10_000; i++) {
      if (model.size() < 100 && (model.size() < 20 || random.nextBoolean())) {
        String addresses = allocate("c" + i);
        for (String held : model.values()) {
          assertThat(List.of(held.split(" "))).doesNotContain(addresses.split(" "));
        }
        model.put("c" + i, addresses);
      } else {
        String gone = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
        assertThat(pool.release(key(gone))).isPresent();
        model.remove(gone);
      }
      if (i % 1000 == 999) {
        reopen("boot-1", "10.0.0.0/25", "fd00::/64");
        assertThat(pool.leases())
            .extracting(l -> l.key().containerId())
            .containsExactlyInAnyOrderElementsOf(model.keySet());
      }
    }
    assertThat(Files.size(journal())).isLessThan(400_000);
  }
}
