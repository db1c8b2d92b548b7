package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_CREATE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_EXCL;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REPLACE;
import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.netlink.NetlinkSocket.RequestBody;

/** The one netlink request that carries out an operation. */
record RouteRequest(int type, int flags, RequestBody body) {

  private static final int NEW = NLM_F_CREATE | NLM_F_EXCL;

  static RouteRequest of(RouteOperation operation) {
    return switch (operation) {
      case RouteOperation.AddLink add ->
          new RouteRequest(RTM_NEWLINK, NEW, writer -> LinkCodec.writeAdd(writer, add));
      case RouteOperation.AddVethPair add ->
          new RouteRequest(RTM_NEWLINK, NEW, writer -> LinkCodec.writeAdd(writer, add));
      case RouteOperation.ChangeLink change ->
          new RouteRequest(RTM_SETLINK, 0, writer -> LinkCodec.writeChange(writer, change));
      case RouteOperation.ChangeLinkKind change ->
          new RouteRequest(RTM_NEWLINK, 0, writer -> LinkCodec.writeChange(writer, change));
      case RouteOperation.DeleteLink delete ->
          new RouteRequest(
              RTM_DELLINK, 0, writer -> LinkCodec.writeSelector(writer, delete.link()));
      case RouteOperation.DeleteLinkGroup delete ->
          new RouteRequest(RTM_DELLINK, 0, writer -> LinkCodec.writeGroup(writer, delete.group()));
      case RouteOperation.SetBridgePort set ->
          new RouteRequest(RTM_NEWLINK, 0, writer -> BridgePortCodec.writeChange(writer, set));
      case RouteOperation.SetTokenBucket set ->
          new RouteRequest(
              RTM_NEWQDISC,
              NLM_F_CREATE | NLM_F_REPLACE,
              writer -> TrafficCodec.writeBucket(writer, set));
      case RouteOperation.AddIngress(int link) ->
          new RouteRequest(RTM_NEWQDISC, NEW, writer -> TrafficCodec.writeIngress(writer, link));
      case RouteOperation.DeleteIngress(int link) ->
          new RouteRequest(RTM_DELQDISC, 0, writer -> TrafficCodec.writeIngress(writer, link));
      case RouteOperation.AddRedirect add ->
          new RouteRequest(RTM_NEWTFILTER, NEW, writer -> TrafficCodec.writeRedirect(writer, add));
      case RouteOperation.Add(RouteEntry entry) ->
          new RouteRequest(newType(entry), NEW, body(entry));
      case RouteOperation.Replace(RouteEntry entry) ->
          new RouteRequest(newType(entry), NLM_F_CREATE | NLM_F_REPLACE, body(entry));
      case RouteOperation.Delete(RouteEntry entry) ->
          // Each RTM_DEL follows its RTM_NEW (linux/rtnetlink.h).
          new RouteRequest(newType(entry) + 1, 0, body(entry));
    };
  }

  private static int newType(RouteEntry entry) {
    return switch (entry) {
      case LinkAddress _ -> RTM_NEWADDR;
      case Route _ -> RTM_NEWROUTE;
      case RoutingRule _ -> RTM_NEWRULE;
      case Neighbour _, ForwardingEntry _ -> RTM_NEWNEIGH;
    };
  }

  private static RequestBody body(RouteEntry entry) {
    return switch (entry) {
      case LinkAddress address -> writer -> LinkAddressCodec.write(writer, address);
      case Route route -> writer -> RouteCodec.write(writer, route);
      case RoutingRule rule -> writer -> RoutingRuleCodec.write(writer, rule);
      case Neighbour neighbour -> writer -> NeighbourCodec.write(writer, neighbour);
      case ForwardingEntry forwarding -> writer -> NeighbourCodec.write(writer, forwarding);
    };
  }
}
