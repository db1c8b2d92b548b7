package io.fairlead.cni;

import io.fairlead.cni.attach.BridgeNetwork.Attached;
import io.fairlead.cni.ipam.Allocation;
import io.fairlead.cni.protocol.CniCall;
import io.fairlead.cni.protocol.CniResult;
import io.fairlead.cni.protocol.CniResult.Address;
import io.fairlead.cni.protocol.CniResult.Interface;
import io.fairlead.cni.protocol.CniResult.Route;
import java.util.List;

/** What ADD answers: the bridge, the host's end and the pod's end, and the pod's addresses. */
final class AddResult {

  /** The pod's end among the interfaces below. */
  private static final int POD_INTERFACE = 2;

  private AddResult() {}

  static CniResult of(CniCall call, Attached done, List<Allocation> allocations, int mtu) {
    List<Interface> interfaces =
        List.of(
            new Interface(
                done.bridge().name(), String.valueOf(done.bridge().mac()), done.bridge().mtu(), ""),
            new Interface(done.hostName(), done.hostMac().toString(), mtu, ""),
            new Interface(
                call.key().interfaceName(),
                done.podMac().toString(),
                mtu,
                call.environment().networkNamespace()));
    List<Address> addresses =
        allocations.stream()
            .map(allocation ->
                new Address(
                    allocation.address(),
                    allocation.range().prefixLength(),
                    allocation.gateway(),
                    POD_INTERFACE))
            .toList();
    List<Route> routes =
        done.routes().stream()
            .map(route -> new Route(route.destination(), route.gateway()))
            .toList();
    return new CniResult(interfaces, addresses, routes, call.config().dns());
  }
}
