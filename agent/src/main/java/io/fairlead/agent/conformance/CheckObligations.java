package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.util.List;

/**
 * CHECK where all is well, and where it cannot be asked. What it must find is in {@link Damage}.
 */
final class CheckObligations {

  private static final String MAC = "02:00:00:00:77:01";

  private CheckObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "check.after-add",
                Obligation.CHECK,
                "CHECK right after ADD succeeds, and prints nothing.",
                bed -> {
                  Attachment pod = bed.attach(container(bed));
                  bed.runtime().check(pod).succeededSilently();
                  return "exit 0, no output";
                })
            .shows("12"),
        Obligation.of(
                "check.later-mac",
                Obligation.CHECK,
                "CHECK tolerates a MAC that a later plugin set and put into the result.",
                CheckObligations::laterMac)
            .shows("12"),
        Obligation.of(
                "check.later-route",
                Obligation.CHECK,
                "CHECK tolerates routes that a later plugin took away and left out of the result.",
                CheckObligations::laterRoute)
            .shows("12"),
        Obligation.of(
                "check.later-additions",
                Obligation.CHECK,
                "CHECK tolerates interfaces and routes that a later plugin added.",
                CheckObligations::laterAdditions)
            .shows("12"),
        Damage.interfaceGone(),
        Damage.interfaceDown(),
        Damage.nodeLinkGone(),
        Damage.addressGone(),
        Damage.routeGone(),
        Damage.attachmentGone(),
        Obligation.of(
            "check.without-result",
            Obligation.CHECK,
            "CHECK without prevResult is an error.",
            bed -> {
              Attachment pod = bed.attach(container(bed));
              return bed.call("CHECK", pod.withResult(null))
                  .named("CHECK without prevResult")
                  .run()
                  .error()
                  .toString();
            }),
        Obligation.of(
            "check.old-configuration",
            Obligation.CHECK,
            "CHECK with a configuration older than 0.4.0 is error 1.",
            bed -> {
              Attachment pod = bed.attach(bed.container().in(bed.network("0.3.1")));
              return bed.call("CHECK", pod).run().error(1).toString();
            }));
  }

  /** A container for which CHECK exists. */
  static Attachment container(Testbed bed) throws Exception {
    return bed.network().cniVersion().compareTo("0.4.0") >= 0
        ? bed.container()
        : bed.container().in(bed.network("0.4.0"));
  }

  private static String laterMac(Testbed bed) throws Exception {
    Attachment pod = bed.attach(container(bed));
    pod.pod()
        .apply(
            new RouteOperation.ChangeLink(
                new LinkSelector.ByName("eth0"), LinkSettings.NONE.withMac(MacAddress.parse(MAC))));
    ObjectNode changed = pod.attached().json().deepCopy();
    for (JsonNode link : changed.path("interfaces")) {
      if (link.path("name").asText().equals("eth0") && link instanceof ObjectNode object) {
        object.put("mac", MAC);
      }
    }
    bed.runtime().check(pod.withResult(changed)).succeededSilently();
    return "eth0 has " + MAC + " now, and CHECK succeeds";
  }

  private static String laterRoute(Testbed bed) throws Exception {
    Attachment pod = bed.attach(container(bed));
    ObjectNode changed = pod.attached().json().deepCopy();
    if (changed.path("routes").isEmpty()) {
      throw new Inapplicable("the result has no routes");
    }
    changed.remove("routes");
    for (Route route : Damage.defaultRoutes(pod)) {
      pod.pod().apply(new RouteOperation.Delete(route));
    }
    bed.runtime().check(pod.withResult(changed)).succeededSilently();
    return "the default routes are gone from pod and result, and CHECK succeeds";
  }

  private static String laterAdditions(Testbed bed) throws Exception {
    Attachment pod = bed.attach(container(bed));
    pod.pod().addForeignLink("extra0");
    Link eth0 = pod.pod().link("eth0");
    IpAddress gateway =
        pod.attached().of(AddressFamily.IPV4).map(Result.Address::gateway).orElse(null);
    ObjectNode changed = pod.attached().json().deepCopy();
    changed.withArray("interfaces").addObject().put("name", "extra0").put("sandbox", pod.netns());
    if (gateway != null && eth0 != null) {
      Cidr destination = Cidr.parse("198.51.100.0/24");
      pod.pod().apply(new RouteOperation.Add(Route.to(destination).via(gateway).dev(eth0.index())));
      changed
          .withArray("routes")
          .addObject()
          .put("dst", destination.toString())
          .put("gw", gateway.toString());
    }
    bed.runtime().check(pod.withResult(changed)).succeededSilently();
    return "a link extra0 and a route were added, and CHECK succeeds";
  }
}
