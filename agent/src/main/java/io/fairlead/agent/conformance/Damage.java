package io.fairlead.agent.conformance;

import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.util.List;

/** What CHECK must find. */
final class Damage {

  private Damage() {}

  private interface Doing {
    void damage(Testbed bed, Attachment pod) throws Exception;
  }

  static Obligation interfaceGone() {
    return finds(
        "check.finds-lost-interface",
        "the pod's interface is gone",
        (_, pod) -> pod.pod().deleteLink("eth0"));
  }

  static Obligation interfaceDown() {
    return finds(
        "check.finds-interface-down",
        "the pod's interface is down",
        (_, pod) ->
            pod.pod()
                .apply(
                    new RouteOperation.ChangeLink(
                        new LinkSelector.ByName("eth0"), LinkSettings.NONE.withUp(false))));
  }

  static Obligation nodeLinkGone() {
    return Obligation.of(
            "check.finds-node-link-unplugged",
            Obligation.CHECK,
            "CHECK is an error when the node's end of the pair is no port of the bridge any more,"
                + " unless that has been mended by then.",
            bed -> {
              Attachment pod = bed.attach(CheckObligations.container(bed));
              bed.runtime().check(pod).succeeded();
              Link port = port(bed, pod);
              bed.node()
                  .apply(
                      new RouteOperation.ChangeLink(
                          new LinkSelector.ByName(port.name()), LinkSettings.NONE.withMaster(0)));
              Answer answer = bed.runtime().check(pod);
              if (!answer.isSuccess()) {
                return answer.error().toString();
              }
              Link now = bed.node().link(port.name());
              Unmet.require(
                  now != null && now.masterIndex() == port.masterIndex(),
                  "CHECK succeeds though the node's end of the pair is no port of the bridge");
              return "mended before CHECK came: " + port.name() + " is a port again";
            })
        .shows("13");
  }

  private static Link port(Testbed bed, Attachment pod) throws Exception {
    for (String name : pod.attached().nodeInterfaces()) {
      Link link = bed.node().link(name);
      if (link != null && link.kind() instanceof LinkKind.Veth && link.masterIndex() != 0) {
        return link;
      }
    }
    throw new Inapplicable("the result names no port of a bridge on the node");
  }

  static Obligation addressGone() {
    return finds(
        "check.finds-lost-address",
        "the pod's interface has lost an address",
        (_, pod) -> {
          for (LinkAddress address : pod.pod().addresses("eth0")) {
            if (address.address().equals(pod.attached().first().ip())) {
              pod.pod().apply(new RouteOperation.Delete(address));
            }
          }
        });
  }

  static Obligation routeGone() {
    return finds(
        "check.finds-lost-route",
        "the pod has lost a route of the result",
        (_, pod) -> {
          List<Route> routes = defaultRoutes(pod);
          if (routes.isEmpty() || pod.attached().json().path("routes").isEmpty()) {
            throw new Inapplicable("the plugin makes no default route");
          }
          pod.pod().apply(new RouteOperation.Delete(routes.getFirst()));
        });
  }

  static Obligation attachmentGone() {
    return finds(
        "check.finds-deleted-attachment",
        "the attachment was deleted",
        (bed, pod) -> bed.delete(pod).succeededSilently());
  }

  static List<Route> defaultRoutes(Attachment pod) throws Exception {
    return pod.pod().routes().stream()
        .filter(route -> route.destination().prefixLength() == 0 && route.gateway() != null)
        .toList();
  }

  private static Obligation finds(String id, String damage, Doing doing) {
    return Obligation.of(
            id,
            Obligation.CHECK,
            "CHECK is an error when " + damage + ".",
            bed -> {
              Attachment pod = bed.attach(CheckObligations.container(bed));
              bed.runtime().check(pod).succeeded();
              doing.damage(bed, pod);
              Answer answer = bed.runtime().check(pod);
              Unmet.require(!answer.isSuccess(), "CHECK succeeds though " + damage);
              return answer.error().toString();
            })
        .shows("13");
  }
}
