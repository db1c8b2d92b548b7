package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerStatus;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whatever happened, in the end the kernel has what a fresh start would make. */
class HistoryTest {

  private static final int HISTORIES = 60;
  private static final int STEPS = 60;

  private final Map<String, Supplier<Sample>> services = new TreeMap<>();
  private World world = new World();
  private String[] own = {};

  @Test
  @DisplayName("Any history ends where a fresh start does (services 11, 41, 42, 43)")
  void histories() throws Exception {
    RandomGenerator random = Seed.generator("HistoryTest");
    for (int history = 0; history < HISTORIES; history++) {
      services.clear();
      world = new World();
      own = new String[] {"192.0.2.1"};
      for (int step = 0; step < STEPS; step++) {
        step(random);
      }
      settle();
      World fresh = new World();
      fresh.own(own);
      services.values().forEach(sample -> fresh.update(sample.get()));
      fresh.services.commit();
      assertThat(canonical(world)).isEqualTo(canonical(fresh));
      assertThat(world.services.audit()).isEmpty();
      assertThat(world.services.draining()).isZero();
    }
  }

  private void step(RandomGenerator random) throws Exception {
    switch (random.nextInt(12)) {
      case 0 -> {
        String name = name(random);
        services.remove(name);
        world.delete(name);
      }
      case 1 -> connections(random);
      case 2 -> {
        world.alarm.pass(Duration.ofSeconds(random.nextInt(100)));
        commit();
      }
      case 3 -> {
        world.ipvs.failNext(new IOException("the kernel is out"));
        commit();
      }
      case 4 -> disturb(random);
      case 5 -> {
        world = world.restarted();
        services.values().forEach(sample -> world.update(sample.get()));
        commit();
      }
      case 6 -> {
        own =
            random.nextBoolean()
                ? new String[] {"192.0.2.1"}
                : new String[] {"192.0.2.1", "192.0.2.2"};
        world.own(own);
      }
      default -> {
        String name = name(random);
        Supplier<Sample> sample = sample(name, random);
        services.put(name, sample);
        world.update(sample.get());
      }
    }
    if (random.nextBoolean()) {
      commit();
    }
  }

  private void commit() {
    try {
      world.services.commit();
    } catch (IOException _) {
      assertThat(world.services.isPending()).isTrue();
    }
  }

  private static String name(RandomGenerator random) {
    return "s" + random.nextInt(5);
  }

  private static Supplier<Sample> sample(String name, RandomGenerator random) {
    long seed = random.nextLong();
    return () -> {
      RandomGenerator own = new SplittableRandom(seed);
      Sample sample =
          Sample.named(name)
              .created(own.nextInt(3))
              .clusterIp("10.96.0.1" + name.substring(1))
              .port(own.nextInt(4) == 0 ? Protocol.UDP : Protocol.TCP, 80)
              .internal(policy(own))
              .external(policy(own))
              .affinity(own.nextInt(3) == 0 ? 60 : 0)
              .nodePort(own.nextBoolean() ? 30080 + own.nextInt(2) : 0);
      if (own.nextBoolean()) {
        sample.balancerIp("203.0.113." + own.nextInt(2));
      }
      if (own.nextInt(4) == 0) {
        sample.externalIp("192.0.2.2");
      }
      for (int i = 0; i < 3; i++) {
        if (own.nextBoolean()) {
          sample.here("10.244.1." + i);
        }
        if (own.nextBoolean()) {
          sample.elsewhere("10.244.2." + i);
        }
      }
      return sample;
    };
  }

  private static TrafficPolicy policy(RandomGenerator random) {
    return random.nextBoolean() ? TrafficPolicy.CLUSTER : TrafficPolicy.LOCAL;
  }

  private void connections(RandomGenerator random) {
    for (VirtualServerStatus server : world.ipvs.virtualServers()) {
      for (var real : world.ipvs.realServers(server.server().id())) {
        world.ipvs.count(
            server.server().id(), real.server().id(), random.nextInt(2), random.nextInt(2));
      }
    }
  }

  private void disturb(RandomGenerator random) throws IOException {
    List<VirtualServerStatus> servers = world.ipvs.virtualServers();
    if (!servers.isEmpty()) {
      world.ipvs.disturb(
          new IpvsOperation.DeleteVirtualServer(
              servers.get(random.nextInt(servers.size())).server().id()));
      world.services.distrust();
    }
  }

  /** All connections end. */
  private void settle() throws IOException {
    // A failure that is still to come comes now.
    world.services.distrust();
    commit();
    world.services.distrust();
    commit();
    for (VirtualServerStatus server : world.ipvs.virtualServers()) {
      for (var real : world.ipvs.realServers(server.server().id())) {
        world.ipvs.count(server.server().id(), real.server().id(), 0, 0);
      }
    }
    world.alarm.pass(Duration.ofSeconds(100));
    commit();
    commit();
    assertThat(world.services.isPending()).isFalse();
  }

  /** Without the numbers of marks, which depend on who came first. */
  private static String canonical(World world) {
    Map<String, String> servers = new TreeMap<>();
    for (VirtualServerStatus server : world.ipvs.virtualServers()) {
      List<String> reals = new ArrayList<>();
      world
          .ipvs
          .realServers(server.server().id())
          .forEach(real -> reals.add(real.server().toString()));
      servers.put(server.server().id().toString(), server.server() + " " + reals);
    }
    String mark = "mark 0x46[0-9a-f]+( \\(IPv4\\))?";
    StringBuilder text = new StringBuilder();
    world
        .treatments()
        .lines()
        .forEach(line -> {
          text.append(line.replaceFirst(mark, "mark")).append('\n');
          int begin = line.indexOf("mark 0x");
          if (begin >= 0) {
            String server = servers.get(line.substring(begin, begin + 15) + " (IPv4)");
            text.append("  ")
                .append(String.valueOf(server).replaceFirst(mark, "mark"))
                .append('\n');
          }
        });
    servers.values().stream()
        .map(server -> server.replaceFirst(mark, "mark"))
        .sorted()
        .forEach(server -> text.append(server).append('\n'));
    return text
        + world.routed().toString()
        + "\n"
        + world.table().replaceAll("0x46[0-9a-f]+", "mark");
  }
}
