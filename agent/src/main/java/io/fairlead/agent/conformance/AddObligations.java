package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.Route;
import java.time.Duration;
import java.util.List;

/** What ADD makes, and whether its result is true. */
final class AddObligations {

  private AddObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
            "add.interface",
            Obligation.ADD,
            "ADD makes the interface CNI_IFNAME in CNI_NETNS, and it is up.",
            AddObligations::interfaceIsUp),
        Obligation.of(
            "add.result-interface",
            Obligation.RESULT,
            "The result names the interface with the MAC it has and CNI_NETNS as its sandbox.",
            AddObligations::resultInterface),
        Obligation.of(
            "add.result-addresses",
            Obligation.RESULT,
            "The result holds an address, and the interface it points to has it.",
            AddObligations::resultAddresses),
        Obligation.of(
            "add.result-routes",
            Obligation.RESULT,
            "The routes of the result are in the pod.",
            AddObligations::resultRoutes),
        Obligation.of(
            "add.result-node-interfaces",
            Obligation.RESULT,
            "Interfaces of the result without a sandbox are on the node.",
            AddObligations::nodeInterfaces),
        Obligation.of(
            "add.dns",
            Obligation.RESULT,
            "The DNS settings of the configuration are in the result.",
            bed -> {
              JsonNode dns = bed.plugin().path("dns");
              if (dns.isMissingNode()) {
                throw new Inapplicable("the configuration has no \"dns\"");
              }
              JsonNode given = bed.attach().attached().json().path("dns");
              Unmet.require(given.equals(dns), "dns is " + given + " in place of " + dns);
              return given.toString();
            }),
        Obligation.of(
                "add.two-interfaces",
                Obligation.PARAMETERS,
                "One container may be attached twice, by two names: both work, and go alone.",
                AddObligations::twoInterfaces)
            .shows("17"),
        Obligation.of(
            "add.two-networks",
            Obligation.PARAMETERS,
            "Attachments are told apart by network, container and interface.",
            AddObligations::sameNameElsewhere));
  }

  private static String interfaceIsUp(Testbed bed) throws Exception {
    Link link = bed.attach().pod().link("eth0");
    Unmet.require(link != null, "the pod has no eth0");
    Unmet.require(link != null && link.isRunning(), "eth0 is not up, or has no carrier: " + link);
    return String.valueOf(link);
  }

  private static String resultInterface(Testbed bed) throws Exception {
    Attachment pod = bed.attach(bed.container().in(bed.network("1.0.0")));
    JsonNode entry = pod.attached().sandboxInterface("eth0");
    Unmet.require(!entry.isMissingNode(), "interfaces hold no eth0 with a sandbox");
    Unmet.require(
        entry.path("sandbox").asText().equals(pod.netns()),
        "the sandbox is " + entry.path("sandbox") + " in place of " + pod.netns());
    Link link = pod.pod().link("eth0");
    String mac = link == null ? "none" : String.valueOf(link.mac());
    Unmet.require(
        entry.path("mac").asText().equalsIgnoreCase(mac), "eth0 has the MAC " + mac + ": " + entry);
    return entry.toString();
  }

  private static String resultAddresses(Testbed bed) throws Exception {
    Attachment pod = bed.attach(bed.container().in(bed.network("1.0.0")));
    Result result = pod.attached();
    result.first();
    for (Result.Address address : result.addresses()) {
      JsonNode entry = result.json().path("interfaces").path(address.interfaceIndex());
      Unmet.require(
          entry.path("name").asText().equals("eth0"),
          address.ip() + " points to " + entry + ", not to eth0");
      Unmet.require(
          pod.pod().addresses("eth0").stream()
              .anyMatch(there ->
                  there.address().equals(address.ip())
                      && there.prefixLength() == address.prefixLength()),
          "eth0 lacks " + address.ip() + "/" + address.prefixLength());
    }
    return result.json().path("ips").toString();
  }

  private static String resultRoutes(Testbed bed) throws Exception {
    Attachment pod = bed.attach(bed.container().in(bed.network("1.0.0")));
    JsonNode routes = pod.attached().json().path("routes");
    List<Route> there = pod.pod().routes();
    for (JsonNode route : routes) {
      Cidr destination = Cidr.parse(route.path("dst").asText());
      String gateway = route.path("gw").asText();
      Unmet.require(
          there.stream()
              .anyMatch(one ->
                  one.destination().equals(destination)
                      && (gateway.isEmpty() || gateway.equals(String.valueOf(one.gateway())))),
          "the pod lacks the route " + route);
    }
    return routes.isEmpty() ? "the result promises no routes" : routes.toString();
  }

  private static String nodeInterfaces(Testbed bed) throws Exception {
    List<String> names =
        bed.attach(bed.container().in(bed.network("1.0.0"))).attached().nodeInterfaces();
    for (String name : names) {
      Unmet.require(bed.node().link(name) != null, "the node has no " + name);
    }
    return names.toString();
  }

  private static String twoInterfaces(Testbed bed) throws Exception {
    Attachment first = bed.attach();
    Attachment second = bed.attach(first.withInterface("net1"));
    Result.Address one = first.attached().first();
    Result.Address two = second.attached().first();
    Unmet.require(!one.ip().equals(two.ip()), "both got " + one.ip());
    bed.detach(second);
    Unmet.require(
        Waiting.until(Duration.ofSeconds(5), () -> first.pod().link("net1") == null),
        "net1 is still there after DEL");
    Unmet.require(
        first.pod().hasAddress("eth0", one.ip()), "eth0 lost its address to the DEL of net1");
    Packets.flow("to eth0 after the DEL of net1", bed.node(), first.pod(), one.ip());
    return "eth0 " + one.ip() + ", net1 " + two.ip() + "; eth0 works after the DEL of net1";
  }

  private static String sameNameElsewhere(Testbed bed) throws Exception {
    Attachment first = bed.attach();
    Attachment other = first.in(bed.network().withName("other")).withResult(null);
    bed.delete(other).succeededSilently();
    Packets.flow(
        "after the DEL in another network", bed.node(), first.pod(), first.attached().first().ip());
    return "DEL of the same container and interface in another network left it alone";
  }
}
