package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.*;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Ports by protocol, number, range and name, for everybody and for some. */
final class PortCases {

  private static final int LAST = 65535;

  private PortCases() {}

  static List<PolicyCase> all() {
    List<PolicyCase> cases = new ArrayList<>();
    add(cases, "protocol", protocols());
    add(cases, "port-number", numbers());
    add(cases, "port-range", ranges());
    add(cases, "port-named", names());
    return cases;
  }

  private static void add(List<PolicyCase> cases, String tag, Map<String, List<Port>> lists) {
    lists.forEach((name, list) -> {
      Port[] ports = list.toArray(Port[]::new);
      for (PolicyDirection direction : PolicyDirection.values()) {
        cases.add(
            PolicyCase.named(direction.text() + " at " + name, tag, "direction")
                .create(policy(direction, "x", "ports", "", at(ports))));
        cases.add(
            PolicyCase.named(direction.text() + " at " + name + " with some", tag, "direction")
                .create(
                    policy(
                        direction,
                        "y",
                        "ports",
                        "pod in (a,b)",
                        rule(List.of(pods("ns!=y", "pod!=c"), block("10.244.1.34/32")), ports))));
      }
    });
  }

  private static Map<String, List<Port>> protocols() {
    Map<String, List<Port>> ports = new LinkedHashMap<>();
    for (Protocol protocol : Protocol.values()) {
      ports.put("all of " + protocol, List.of(every(protocol)));
    }
    ports.put("all of TCP and UDP", List.of(every(Protocol.TCP), every(Protocol.UDP)));
    ports.put("all of SCTP and UDP", List.of(every(Protocol.SCTP), every(Protocol.UDP)));
    ports.put(
        "all of all", List.of(every(Protocol.SCTP), every(Protocol.UDP), every(Protocol.TCP)));
    ports.put("80 of all", List.of(tcp(80), udp(80), sctp(80)));
    return ports;
  }

  private static Map<String, List<Port>> numbers() {
    Map<String, List<Port>> ports = new LinkedHashMap<>();
    for (Protocol protocol : Protocol.values()) {
      for (int port : PodNetwork.PORTS) {
        ports.put(protocol + " " + port, List.of(port(protocol, port)));
      }
    }
    ports.put("TCP 80 and 81", List.of(tcp(80), tcp(81)));
    ports.put("TCP 80 twice", List.of(tcp(80), tcp(80)));
    ports.put("TCP 80 and UDP 81", List.of(tcp(80), udp(81)));
    ports.put("UDP 80 and all of TCP", List.of(udp(80), every(Protocol.TCP)));
    ports.put("ports that nobody asks", List.of(tcp(79), udp(82), sctp(8080)));
    return ports;
  }

  private static Map<String, List<Port>> ranges() {
    Map<String, List<Port>> ports = new LinkedHashMap<>();
    for (Protocol protocol : Protocol.values()) {
      ports.put(protocol + " 80-81", List.of(range(protocol, 80, 81)));
      ports.put(protocol + " 81-90", List.of(range(protocol, 81, 90)));
    }
    ports.put("TCP 79-80", List.of(range(Protocol.TCP, 79, 80)));
    ports.put("UDP 1-79", List.of(range(Protocol.UDP, 1, 79)));
    ports.put("UDP 82-65535", List.of(range(Protocol.UDP, 82, LAST)));
    ports.put("SCTP 1-65535", List.of(range(Protocol.SCTP, 1, LAST)));
    ports.put("TCP 81-81", List.of(range(Protocol.TCP, 81, 81)));
    ports.put(
        "ranges that overlap",
        List.of(range(Protocol.TCP, 70, 80), range(Protocol.TCP, 75, 90), tcp(80)));
    ports.put(
        "ranges that touch",
        List.of(range(Protocol.UDP, 70, 80), range(Protocol.UDP, 81, 90), sctp(81)));
    ports.put(
        "a range within a range of another protocol",
        List.of(range(Protocol.TCP, 1, 1000), range(Protocol.UDP, 80, 80)));
    return ports;
  }

  private static Map<String, List<Port>> names() {
    Map<String, List<Port>> ports = new LinkedHashMap<>();
    for (Protocol protocol : Protocol.values()) {
      String name = "serve-80-" + protocol.name().toLowerCase(Locale.ROOT);
      ports.put("name " + name, List.of(named(protocol, name)));
    }
    ports.put("a name of another protocol", List.of(named(Protocol.UDP, "serve-80-tcp")));
    ports.put("a name that nobody has", List.of(named(Protocol.TCP, "nowhere")));
    ports.put("a name that differs from pod to pod", List.of(named(Protocol.TCP, "web")));
    ports.put(
        "a name that differs by protocol",
        List.of(named(Protocol.UDP, "feed"), named(Protocol.SCTP, "feed")));
    ports.put(
        "names and numbers",
        List.of(named(Protocol.TCP, "web"), udp(80), named(Protocol.SCTP, "serve-81-sctp")));
    ports.put(
        "a name and a range with its port",
        List.of(named(Protocol.TCP, "serve-81-tcp"), range(Protocol.TCP, 81, 100)));
    return ports;
  }
}
