package io.fairlead.agent;

import io.fairlead.agent.cni.CniServer;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.install.CniInstallation;
import io.fairlead.agent.install.InstallSubsystem;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.node.AdvertisedLinks;
import io.fairlead.agent.node.Capabilities;
import io.fairlead.agent.node.FileReason;
import io.fairlead.agent.node.HostSettings;
import io.fairlead.agent.node.IpvsModule;
import io.fairlead.agent.server.ServerException;
import io.fairlead.agent.subsystem.ForwardSubsystem;
import io.fairlead.agent.subsystem.HostSubsystem;
import io.fairlead.agent.subsystem.KernelCleanup;
import io.fairlead.agent.subsystem.OverlaySubsystem;
import io.fairlead.agent.subsystem.PodSubsystem;
import io.fairlead.agent.subsystem.RepairSignal;
import io.fairlead.agent.subsystem.observe.ObserveSubsystem;
import io.fairlead.agent.subsystem.observe.Observed;
import io.fairlead.agent.subsystem.pod.HostPortRules;
import io.fairlead.agent.subsystem.pod.LeaseImport;
import io.fairlead.agent.subsystem.pod.PodViews;
import io.fairlead.agent.subsystem.pod.PortGuardSubsystem;
import io.fairlead.agent.subsystem.policy.PolicyParts;
import io.fairlead.agent.subsystem.service.ServiceSubsystem;
import io.fairlead.agent.why.AgentFacts;
import io.fairlead.agent.why.PartsOfKernel;
import io.fairlead.agent.why.WhyRoutes;
import io.fairlead.cni.CniService;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.cni.wire.DeleteQueue;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import io.fairlead.nftables.hostport.HostPortSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts that a whole agent is made of: what it drives, and how that is removed again. */
public final class Parts {

  private Parts() {}

  /** The subsystems of a node, in the order in which packets need them. */
  public static SubsystemFactory subsystems() {
    return context -> {
      requireNetAdmin();
      AgentConfiguration configuration = context.configuration();
      List<Subsystem> parts = new ArrayList<>();
      HostSettings settings =
          new HostSettings(configuration.sysctlDirectory(), AdvertisedLinks.ofKernel());
      parts.add(host(context, settings));
      parts.add(forward(context));
      RepairSignal repairs = new RepairSignal();
      OverlaySubsystem overlay = overlay(context, repairs);
      parts.add(overlay);
      AddressPool leases = leases(configuration.stateDirectory().resolve("leases"));
      BridgeNetwork network = new BridgeNetwork(RouteSocket::open);
      PortGuardSubsystem guard = guard(context);
      PolicyParts policies = policies(context, leases, network, guard);
      // Nothing is opened to packets before what denies them is in place.
      parts.addAll(policies.subsystems());
      parts.add(guard);
      ServiceSubsystem services = services(context);
      parts.add(services);
      repairs.listen(services::waysRepaired);
      HostPortRules hostPorts = hostPorts(configuration);
      CniService service =
          new CniService(
              leases,
              network,
              RouteSocket::adopt,
              policies.admission(),
              List.of(guard.rules(), hostPorts),
              overlay::trouble);
      parts.add(pods(context, service, hostPorts, leases, overlay, settings, repairs));
      context.adminRoutes().add(why(context, overlay, policies, services, service).routes());
      parts.add(
          new ObserveSubsystem(
              new Observed(
                  configuration.nodeName(),
                  context.loop(),
                  policies.enforcement(),
                  policies.flows(),
                  services.claims(),
                  leases::leases)));
      CniInstallation installation =
          new CniInstallation(configuration, CniInstallation.bundledBinary());
      if (installation.isWanted()) {
        parts.add(new InstallSubsystem(installation, context.loop()));
      }
      return parts;
    };
  }

  public static Cleanup cleanup() {
    return new KernelCleanup();
  }

  private static void requireNetAdmin() throws AgentException {
    try {
      Optional<String> missing = Capabilities.missing();
      if (missing.isPresent()) {
        throw new AgentException(missing.get(), null);
      }
    } catch (IOException e) {
      throw new AgentException("/proc/self/status cannot be read: " + e.getMessage(), e);
    }
  }

  private static Subsystem host(SubsystemFactory.Context context, HostSettings settings)
      throws AgentException {
    try {
      return new HostSubsystem(context.configuration(), settings, IpvsModule::load, context.loop());
    } catch (IOException e) {
      throw new AgentException("Kernel settings cannot be watched: " + e.getMessage(), e);
    }
  }

  private static Subsystem forward(SubsystemFactory.Context context) throws AgentException {
    try {
      return ForwardSubsystem.open(context.configuration(), context.loop());
    } catch (IOException e) {
      throw new AgentException("nf_tables cannot be used: " + e.getMessage(), e);
    }
  }

  private static OverlaySubsystem overlay(SubsystemFactory.Context context, RepairSignal repairs)
      throws AgentException {
    try {
      return OverlaySubsystem.open(
          context.configuration(), context.source(), context.loop(), repairs);
    } catch (IOException e) {
      throw new AgentException("Routes cannot be managed: " + e.getMessage(), e);
    }
  }

  private static WhyRoutes why(
      SubsystemFactory.Context context,
      OverlaySubsystem overlay,
      PolicyParts policies,
      ServiceSubsystem services,
      CniService service) {
    AgentConfiguration configuration = context.configuration();
    return new AgentFacts(
            configuration,
            overlay::mode,
            services.claims(),
            services::node,
            Optional.ofNullable(policies.enforcement()),
            () -> PodViews.pods(configuration.nodeName(), service))
        .routes(context.loop(), new PartsOfKernel(services::evidence, policies.evidence()));
  }

  private static ServiceSubsystem services(SubsystemFactory.Context context) throws AgentException {
    try {
      return ServiceSubsystem.open(context);
    } catch (IOException e) {
      throw new AgentException("nf_tables cannot be used: " + e.getMessage(), e);
    }
  }

  private static PortGuardSubsystem guard(SubsystemFactory.Context context) throws AgentException {
    try {
      return PortGuardSubsystem.open(context);
    } catch (IOException e) {
      throw new AgentException("nf_tables cannot be used: " + e.getMessage(), e);
    }
  }

  private static PolicyParts policies(
      SubsystemFactory.Context context,
      AddressPool leases,
      BridgeNetwork network,
      PortGuardSubsystem guard)
      throws AgentException {
    if (!context.configuration().policies().enabled()) {
      return PolicyParts.none();
    }
    try {
      return PolicyParts.open(
          context, () -> CniService.present(leases, network), guard.isolation());
    } catch (IOException e) {
      throw new AgentException("NetworkPolicies cannot be enforced: " + e.getMessage(), e);
    }
  }

  private static HostPortRules hostPorts(AgentConfiguration configuration) throws AgentException {
    try {
      return HostPortRules.open(
          new HostPortSettings(configuration.bridge(), configuration.masquerade().randomFully()));
    } catch (IOException e) {
      throw new AgentException("Host ports cannot be managed: " + e.getMessage(), e);
    }
  }

  private static Subsystem pods(
      SubsystemFactory.Context context,
      CniService service,
      HostPortRules hostPorts,
      AddressPool leases,
      OverlaySubsystem overlay,
      HostSettings settings,
      RepairSignal repairs)
      throws AgentException {
    AgentConfiguration configuration = context.configuration();
    try {
      return new PodSubsystem(
          configuration.nodeName(),
          configuration.bridge(),
          service,
          hostPorts,
          listen(configuration.cniSocket(), service),
          new DeleteQueue(configuration.stateDirectory().resolve("cni-deletes")),
          LeaseImport.of(
              configuration.install().importLeases(),
              configuration.stateDirectory().resolve("leases"),
              leases,
              service),
          () -> configuration.mtu() > 0 ? configuration.mtu() : overlay.podMtu(),
          settings,
          context.loop(),
          repairs);
    } catch (IOException e) {
      throw new AgentException("Pods cannot be attached: " + e.getMessage(), e);
    }
  }

  private static AddressPool leases(Path folder) throws AgentException {
    try {
      String bootId = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return AddressPool.open(folder, bootId);
    } catch (IOException e) {
      throw new AgentException(
          "The address leases in "
              + folder
              + " cannot be used: "
              + FileReason.of(e)
              + ". Check the rights and the free space, or choose another --state-dir",
          e);
    }
  }

  private static CniServer.Handler handler(CniService service) {
    return new CniServer.Handler() {
      @Override
      public CniResponse handle(CniRequest request, List<OwnedDescriptor> descriptors) {
        return service.handle(request, descriptors);
      }

      @Override
      public void unheard(CniRequest request, CniResponse response) {
        service.unheard(request, response);
      }
    };
  }

  private static CniServer listen(Path socket, CniService service) throws AgentException {
    try {
      return CniServer.listen(socket, handler(service));
    } catch (ServerException e) {
      throw new AgentException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new AgentException(
          "The CNI socket "
              + socket
              + " cannot be listened on: "
              + FileReason.of(e)
              + ". Check the folder's rights, or choose another --cni-socket",
          e);
    }
  }
}
