package io.fairlead.dataplane.evidence;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.RecordingIpvs;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what operations would change among virtual and real servers, in the words of ipvsadm. A
 * real server that would be deleted and has weight 0 already is none of it: it waits for its
 * connections to end, and goes when somebody looks. Pure but for what was read.
 */
public final class IpvsComparison {

  private static final String PLACE = "IPVS";

  private final RecordingIpvs kernel;
  private final Comparison.Builder result = new Comparison.Builder();
  private final Set<VirtualServerId> wrong = new HashSet<>();
  private int wrongReals;

  private IpvsComparison(RecordingIpvs kernel) {
    this.kernel = kernel;
  }

  /** Of what was read and would be changed through {@code kernel}. */
  public static Comparison of(RecordingIpvs kernel) {
    return new IpvsComparison(kernel).compare();
  }

  private Comparison compare() {
    IpvsTimeouts timeouts = kernel.wantedTimeouts();
    IpvsTimeouts present = kernel.foundTimeouts();
    if (timeouts != null) {
      result.add(Difference.different(PLACE, text(timeouts), present == null ? "" : text(present)));
    }
    kernel.operations().forEach(this::add);
    Map<VirtualServerId, List<RealServerStatus>> ours = kernel.realServers();
    int reals = ours.values().stream().mapToInt(List::size).sum();
    result.right(
        "virtual servers", (int) ours.keySet().stream().filter(id -> !wrong.contains(id)).count());
    result.right("real servers", reals - wrongReals);
    return result.build();
  }

  private void add(IpvsOperation operation) {
    switch (operation) {
      case IpvsOperation.AddVirtualServer(VirtualServer server) ->
          result.add(Difference.missing(PLACE, text(server)));
      case IpvsOperation.ChangeVirtualServer(VirtualServer server) -> {
        VirtualServer found = kernel.found().get(server.id());
        wrong.add(server.id());
        result.add(Difference.different(PLACE, text(server), found == null ? "" : text(found)));
      }
      case IpvsOperation.DeleteVirtualServer(VirtualServerId id) -> {
        VirtualServer found = kernel.found().get(id);
        List<RealServerStatus> reals = kernel.realServers().getOrDefault(id, List.of());
        wrong.add(id);
        wrongReals += reals.size();
        boolean leaves =
            !reals.isEmpty() && reals.stream().allMatch(real -> real.server().weight() == 0);
        if (!leaves) {
          result.add(Difference.extra(PLACE, found == null ? "-A " + address(id) : text(found)));
          reals.forEach(real -> result.add(Difference.extra(PLACE, text(id, real.server()))));
        }
      }
      case IpvsOperation.AddRealServer(VirtualServerId id, RealServer real) ->
          result.add(Difference.missing(PLACE, text(id, real)));
      case IpvsOperation.ChangeRealServer(VirtualServerId id, RealServer real) -> {
        RealServer found = real(id, real.id());
        wrongReals++;
        // Weight 0 is for one that is to leave.
        result.add(
            found == null || real.weight() != 0
                ? Difference.different(PLACE, text(id, real), found == null ? "" : text(id, found))
                : Difference.extra(PLACE, text(id, found)));
      }
      case IpvsOperation.DeleteRealServer(VirtualServerId id, RealServerId real) -> {
        RealServer found = real(id, real);
        wrongReals++;
        if (found != null && found.weight() != 0) {
          result.add(Difference.extra(PLACE, text(id, found)));
        }
      }
    }
  }

  private @Nullable RealServer real(VirtualServerId id, RealServerId real) {
    for (RealServerStatus status : kernel.realServers().getOrDefault(id, List.of())) {
      if (status.server().id().equals(real)) {
        return status.server();
      }
    }
    return null;
  }

  private static String text(IpvsTimeouts timeouts) {
    return "--set " + timeouts.tcp() + " " + timeouts.tcpFin() + " " + timeouts.udp();
  }

  private static String text(VirtualServer server) {
    // Behind the address stand the scheduler and the rest as ipvsadm spells them.
    String rest = server.toString().substring(server.id().toString().length() + 1);
    return "-A " + address(server.id()) + " -s " + rest;
  }

  private static String text(VirtualServerId id, RealServer real) {
    return "-a "
        + address(id)
        + " -r "
        + real.id()
        + method(real.method())
        + " -w "
        + real.weight()
        + (real.foreign().isEmpty() ? "" : " " + real.foreign());
  }

  private static String method(ForwardingMethod method) {
    return switch (method) {
      case MASQUERADE -> " -m";
      case TUNNEL -> " -i";
      case DIRECT_ROUTING -> " -g";
      case LOCAL, BYPASS -> " " + method;
    };
  }

  private static String address(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.ByAddress by -> {
        String text = by.toString();
        yield flag(by.protocol()) + " " + text.substring(0, text.lastIndexOf('/'));
      }
      case VirtualServerId.ByMark(AddressFamily family, int mark) ->
          "-f " + Integer.toUnsignedString(mark) + (family == AddressFamily.IPV6 ? " -6" : "");
    };
  }

  private static String flag(Protocol protocol) {
    return switch (protocol) {
      case TCP -> "-t";
      case UDP -> "-u";
      case SCTP -> "--sctp-service";
    };
  }
}
