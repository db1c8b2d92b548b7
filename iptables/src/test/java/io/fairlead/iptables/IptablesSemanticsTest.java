package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.testing.Seed;
import io.fairlead.iptables.PacketWalk.End;
import io.fairlead.iptables.PacketWalk.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random Services, and random packets through their chains, against the contract's words. After
 * each history the chains are those of a fresh start, and a restart changes nothing.
 */
@DisplayName("Every packet meets what the contract says (services 12, 13, 23-31, 33-35, 37)")
class IptablesSemanticsTest {

  private static final Set<IpAddress> NODE_ADDRESSES =
      Set.of(
          IpAddress.parse("192.0.2.1"),
          IpAddress.parse("198.51.100.1"),
          IpAddress.parse("127.0.0.1"),
          IpAddress.parse("2001:db8::1"),
          IpAddress.parse("::1"));

  /** A client, as the node's own, a pod of this node's, a pod of another node's, or outside. */
  private record Client(String v4, String v6, String device) {}

  private static final List<Protocol> PROTOCOLS = List.of(Protocol.values());

  private static final List<Client> CLIENTS =
      List.of(
          new Client("192.0.2.1", "2001:db8::1", ""),
          new Client("10.244.1.2", "fd00:244:1::2", "pod2"),
          new Client("10.244.1.3", "fd00:244:1::3", "pod3"),
          new Client("10.244.2.2", "fd00:244:2::2", "uplink"),
          new Client("203.0.113.9", "2001:db8:9::9", "uplink"));

  enum Detection {
    NETWORKS,
    INTERFACE_PREFIX,
    INTERFACE,
    UNKNOWN
  }

  private static ServiceSettings settings(Detection detection, boolean restricted) {
    LocalPods pods =
        switch (detection) {
          case NETWORKS ->
              new LocalPods.Networks(
                  List.of(
                      Cidr.parse("10.244.1.0/29"),
                      Cidr.parse("10.244.1.8/29"),
                      Cidr.parse("fd00:244:1::/64")));
          case INTERFACE_PREFIX -> new LocalPods.InterfacePrefix("pod");
          case INTERFACE -> new LocalPods.Interface("pod3");
          case UNKNOWN -> new LocalPods.Unknown();
        };
    return new ServiceSettings(
        pods,
        restricted ? List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("126.0.0.0/7")) : List.of(),
        List.of(Cidr.parse("10.96.0.0/22"), Cidr.parse("fd00:96::/112")),
        1 << 14);
  }

  @ParameterizedTest
  @EnumSource
  void packetsMeetWhatTheContractSays(Detection detection) throws Exception {
    RandomGenerator random = Seed.generator("semantics " + detection);
    for (int round = 0; round < 6; round++) {
      ServiceSettings settings = settings(detection, round % 2 == 1);
      ServiceNode node =
          new ServiceNode(
              Sample.HERE,
              null,
              World.NODE.addresses(),
              detection != Detection.UNKNOWN,
              random.nextInt(4) == 0);
      World world = new World(settings, node);
      int services = round < 3 ? 12 : 120;
      for (int step = 0; step < 25; step++) {
        for (int i = random.nextInt(services / 4 + 1); i >= 0; i--) {
          Sample sample = sample(random, random.nextInt(services));
          if (random.nextInt(4) == 0) {
            world.update(sample.key, null);
          } else {
            world.update(sample);
          }
        }
        world.commit();
        check(world, settings, random);
      }
      World fresh = world.fresh(settings);
      fresh.commit();
      assertThat(world.save()).isEqualTo(fresh.save());
      assertThat(world.restarted(settings).commit()).isEmpty();
    }
  }

  private static void check(World world, ServiceSettings settings, RandomGenerator random) {
    Contract contract = new Contract(world.claims, settings, NODE_ADDRESSES);
    List<FrontendAddress> addresses = List.copyOf(world.claims.addresses());
    for (int i = 0; i < 60; i++) {
      Packet packet =
          i % 2 == 0 || addresses.isEmpty()
              ? packet(random)
              : packet(random, addresses.get(random.nextInt(addresses.size())));
      Map<End, Double> expected = contract.expect(packet);
      Map<End, Double> ends = new PacketWalk(world.kernel, NODE_ADDRESSES, packet).run();
      assertThat(ends.keySet()).as("%s", packet).isEqualTo(expected.keySet());
      expected.forEach((end, share) ->
          assertThat(ends.get(end)).as("%s to %s", packet, end).isCloseTo(share, within(1e-8)));
    }
  }

  private static Packet packet(RandomGenerator random, FrontendAddress address) {
    Client client = CLIENTS.get(random.nextInt(CLIENTS.size()));
    boolean v6 = address.family() == AddressFamily.IPV6;
    String destination =
        switch (address) {
          case VirtualAddress virtual -> virtual.address().toString();
          case NodePort _ -> v6 ? "2001:db8::1" : "198.51.100.1";
        };
    return new Packet(
        v6 ? client.v6 : client.v4,
        client.device.isEmpty() ? null : client.device,
        destination,
        address.protocol(),
        address.port());
  }

  private static Packet packet(RandomGenerator random) {
    Client client = CLIENTS.get(random.nextInt(CLIENTS.size()));
    boolean v6 = random.nextInt(3) == 0;
    List<String> destinations = new ArrayList<>();
    int host = random.nextInt(40);
    destinations.add(v6 ? "fd00:96::" + Integer.toHexString(host) : "10.96.0." + host);
    destinations.add(v6 ? "2001:db8:e::" + host % 5 : "198.51.100." + host % 5);
    destinations.add(v6 ? "2001:db8::1" : "192.0.2.1");
    if (random.nextInt(5) == 0) {
      destinations.add(v6 ? "::1" : "127.0.0.1");
    }
    String source = v6 ? client.v6 : client.v4;
    String device = client.device.isEmpty() ? null : client.device;
    return new Packet(
        source,
        device,
        destinations.get(random.nextInt(destinations.size())),
        PROTOCOLS.get(random.nextInt(3)),
        random.nextBoolean() ? 80 + random.nextInt(3) : 30000 + random.nextInt(40));
  }

  private static Sample sample(RandomGenerator random, int number) {
    Sample sample =
        Sample.named("s" + number)
            .created(random.nextInt(5))
            // Some on an external address of the node's own take what would be a node port.
            .port(
                PROTOCOLS.get(random.nextInt(3)),
                (random.nextInt(4) == 0 ? 30000 : 80) + random.nextInt(3))
            .affinity(random.nextInt(4) == 0 ? 60 : 0)
            .internal(policy(random))
            .external(policy(random));
    int host = random.nextInt(40);
    sample.clusterIp("10.96.0." + host, "fd00:96::" + Integer.toHexString(host));
    if (random.nextInt(3) == 0) {
      sample.externalIp("198.51.100." + random.nextInt(5), "2001:db8:e::" + random.nextInt(5));
    }
    if (random.nextInt(3) == 0) {
      sample.balancerIp("198.51.100." + random.nextInt(5), "2001:db8:e::" + random.nextInt(5));
    }
    switch (random.nextInt(5)) {
      case 0 -> sample.ranges("203.0.113.0/24", "192.0.2.0/24");
      case 1 -> sample.ranges("10.244.1.0/24", "2001:db8::/32");
      case 2 -> sample.ranges();
      default -> {}
    }
    if (random.nextInt(2) == 0) {
      sample.nodePort(30000 + random.nextInt(random.nextBoolean() ? 3 : 40));
    }
    for (int host2 = 2; host2 < 6; host2++) {
      if (random.nextInt(4) == 0) {
        sample.here("10.244.1." + host2, "fd00:244:1::" + host2);
      }
      if (random.nextInt(4) == 0) {
        sample.elsewhere("10.244.2." + host2, "fd00:244:2::" + host2);
      }
      if (random.nextInt(8) == 0) {
        sample.drainingHere("10.244.1.1" + host2, "fd00:244:1::1" + host2);
      }
    }
    return sample;
  }

  private static TrafficPolicy policy(RandomGenerator random) {
    return random.nextBoolean() ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER;
  }
}
