package io.fairlead.agent.subsystem;

import io.fairlead.agent.AgentException;
import io.fairlead.agent.Cleanup;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.install.CniInstallation;
import io.fairlead.agent.node.FileReason;
import io.fairlead.agent.node.StateLock;
import io.fairlead.agent.server.UnixSocketFile;
import io.fairlead.agent.subsystem.service.IpvsLeftovers;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.iptables.kernel.NftForwarding;
import io.fairlead.iptables.kernel.Place;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesVariant;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.guard.PortGuard;
import io.fairlead.nftables.hostport.NftablesHostPorts;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.overlay.Overlay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Removes what the agent made in the kernel: its tables, chains of iptables, virtual servers of
 * IPVS with their table and routes, the overlay's routes and device, the bridge and the interfaces
 * of pods; and, around that, what it installed for the container runtime. Stateless.
 */
public final class KernelCleanup implements Cleanup {

  /** Removes one kind of objects and says which. */
  private interface Step {
    List<String> remove() throws IOException;
  }

  @Override
  public List<String> remove(AgentConfiguration configuration) throws AgentException {
    refuseWhileAgentRuns(configuration);
    CniInstallation installation = new CniInstallation(configuration, null);
    List<String> removed = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Step step :
        List.<Step>of(
            // First, since the runtime starts pods for as long as it is there.
            installation::withdrawConfig,
            KernelCleanup::table,
            KernelCleanup::policies,
            KernelCleanup::guard,
            KernelCleanup::hostPorts,
            KernelCleanup::forwarding,
            KernelCleanup::iptables,
            IpvsLeftovers::remove,
            KernelCleanup::overlay,
            KernelCleanup::pods,
            installation::withdrawBinary)) {
      try {
        removed.addAll(step.remove());
      } catch (IOException e) {
        problems.add(Objects.toString(e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new AgentException("Not everything was removed: " + String.join("; ", problems), null);
    }
    return removed;
  }

  private static void refuseWhileAgentRuns(AgentConfiguration configuration) throws AgentException {
    if (UnixSocketFile.isServed(configuration.adminSocket())) {
      throw new AgentException(
          "An agent runs here and would restore what is removed (its socket is "
              + configuration.adminSocket()
              + "). Stop it first",
          null);
    }
    try {
      if (StateLock.isHeld(configuration.stateDirectory())) {
        throw new AgentException(
            "An agent runs here and would restore what is removed (its state folder is "
                + configuration.stateDirectory()
                + "). Stop it first",
            null);
      }
    } catch (IOException e) {
      throw new AgentException(
          "The state folder "
              + configuration.stateDirectory()
              + " cannot be looked at: "
              + FileReason.of(e)
              + ". Run `fairlead cleanup` as root",
          e);
    }
  }

  private static List<String> table() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      return NftablesServices.cleanup(kernel)
          ? List.of("delete table " + NftablesServices.table())
          : List.of();
    }
  }

  private static List<String> policies() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      return NftablesPolicies.cleanup(kernel)
          ? List.of("delete table " + NftablesPolicies.table())
          : List.of();
    }
  }

  private static List<String> guard() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      return PortGuard.cleanup(kernel) ? List.of("delete table " + PortGuard.table()) : List.of();
    }
  }

  private static List<String> hostPorts() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      return NftablesHostPorts.cleanup(kernel)
          ? List.of("delete table " + NftablesHostPorts.table())
          : List.of();
    }
  }

  private static List<String> forwarding() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      return new NftForwarding(kernel).cleanup();
    }
  }

  private static List<String> iptables() throws IOException {
    List<String> removed = new ArrayList<>();
    for (XtablesVariant variant : XtablesVariant.values()) {
      try (XtablesKernel kernel = variant.open(Place.HERE)) {
        int chains = 0;
        for (AddressFamily family : AddressFamily.values()) {
          for (IptablesTable table : IptablesTable.values()) {
            chains += kernel.read(family, table).chains().size();
          }
        }
        if (chains > 0) {
          kernel.cleanup();
          removed.add("delete " + chains + " chains of iptables-" + variant.text());
        }
      }
    }
    return removed;
  }

  private static List<String> overlay() throws IOException {
    try (RouteSocket kernel = RouteSocket.open()) {
      return Overlay.cleanup(kernel).applied().stream().map(Object::toString).toList();
    }
  }

  private static List<String> pods() throws IOException {
    try (BridgeNetwork network = new BridgeNetwork(RouteSocket::open)) {
      return network.removeAll().stream().map(Object::toString).toList();
    }
  }
}
