package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.ipvs.IpvsSettings;
import io.fairlead.ipvs.Notices;
import io.fairlead.ipvs.PortId;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens IPVS, and tells it what the other backends need not know: the node's own addresses. */
final class IpvsOpener implements ServiceBackends.Opener {

  private static final Logger LOG = LoggerFactory.getLogger(IpvsOpener.class);

  private final IpvsSettings settings;
  private final AddressClaims claims;
  private final Notices notices;
  private final Runnable pending;
  private final Consumer<String> disturbed;
  private List<IpAddress> sources = List.of();

  /** Written by the reconciling thread. */
  private volatile @Nullable IpvsBackend opened;

  /**
   * Opens nothing yet.
   *
   * @param notices told what somebody should mend although Services work
   * @param pending as {@link IpvsBackend#open} takes it
   * @param disturbed as {@link IpvsBackend#open} takes it
   */
  IpvsOpener(
      IpvsSettings settings,
      AddressClaims claims,
      Notices notices,
      Runnable pending,
      Consumer<String> disturbed) {
    this.settings = settings;
    this.claims = claims;
    this.notices = notices;
    this.pending = pending;
    this.disturbed = disturbed;
  }

  @Override
  public ServiceBackend open(ServiceSettings services) throws IOException {
    IpvsBackend backend = IpvsBackend.open(claims, services, settings, notices, pending, disturbed);
    backend.sources(sources);
    opened = backend;
    return backend;
  }

  /** Takes over the node's addresses in the cluster, best first. */
  void sources(List<IpAddress> addresses) {
    sources = List.copyOf(addresses);
    IpvsBackend backend = opened;
    if (backend != null) {
      backend.sources(sources);
    }
  }

  /** As {@link IpvsBackend#portOfMark}; null before anything is opened. */
  @Nullable PortId portOfMark(int mark) {
    IpvsBackend backend = opened;
    return backend == null ? null : backend.portOfMark(mark);
  }

  /** As {@link IpvsBackend#problems}; none before anything is opened. */
  List<String> problems() {
    IpvsBackend backend = opened;
    return backend == null ? List.of() : backend.problems();
  }

  @Override
  public void removeLeftovers() throws IOException {
    for (String removed : IpvsLeftovers.remove()) {
      LOG.atInfo().addKeyValue("operation", removed).log("What an earlier run left was removed");
    }
  }
}
