package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.IptablesServices;
import io.fairlead.iptables.kernel.NftWatch;
import io.fairlead.iptables.kernel.NftXtables;
import io.fairlead.iptables.kernel.Place;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesVariant;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Services as iptables chains, together with what watches over the chains. */
final class IptablesBackend implements ServiceBackend {

  private final IptablesServices services;
  private @Nullable NftWatch watch;

  private IptablesBackend(IptablesServices services, @Nullable NftWatch watch) {
    this.services = services;
    this.watch = watch;
  }

  /**
   * Opens its sockets in the calling thread's network namespace.
   *
   * @param pending run, by any thread, when a commit should be made although no Service changed
   */
  static IptablesBackend open(
      XtablesVariant variant, AddressClaims claims, ServiceSettings settings, Runnable pending)
      throws IOException {
    XtablesKernel kernel = variant.open(Place.HERE);
    IptablesServices services = new IptablesServices(kernel, claims, settings, pending);
    try {
      return new IptablesBackend(services, watch(kernel, services, pending));
    } catch (IOException e) {
      services.close();
      throw e;
    }
  }

  private static @Nullable NftWatch watch(
      XtablesKernel kernel, IptablesServices services, Runnable pending) throws IOException {
    if (!(kernel instanceof NftXtables nft)) {
      return null;
    }
    return NftWatch.start(
        nft.port(),
        () -> {
          services.distrust();
          pending.run();
        });
  }

  @Override
  public void settings(ServiceSettings settings) {
    services.settings(settings);
  }

  @Override
  public void update(ServiceChange change) {
    services.update(change);
  }

  @Override
  public void distrust() {
    services.distrust();
  }

  @Override
  public boolean isPending() {
    return services.isPending();
  }

  @Override
  public List<String> commit() throws IOException {
    return services.commit();
  }

  @Override
  public void whenInKernel(Runnable task) {
    services.whenInKernel(task);
  }

  @Override
  public List<String> audit() throws IOException {
    return services.audit();
  }

  @Override
  public void remove() throws IOException {
    services.remove();
  }

  private void endWatch() {
    NftWatch open = watch;
    if (open != null) {
      watch = null;
      open.close();
    }
  }

  @Override
  public void close() {
    endWatch();
    services.close();
  }
}
