package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.IptablesServices;
import io.fairlead.iptables.kernel.NftWatch;
import io.fairlead.iptables.kernel.NftXtables;
import io.fairlead.iptables.kernel.Place;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesVariant;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Services as iptables chains, together with what watches over the chains. */
final class IptablesBackend extends ForwardingBackend implements ComparedBackend {

  private final @Nullable NftWatch watch;

  private final XtablesKernel kernel;

  private IptablesBackend(
      XtablesKernel kernel, IptablesServices services, @Nullable NftWatch watch) {
    super(services);
    this.kernel = kernel;
    this.watch = watch;
  }

  /**
   * Opens its sockets in the calling thread's network namespace.
   *
   * @param pending run, by any thread, when a commit should be made although no Service changed
   * @param disturbed the same where somebody else changed the tables, perhaps chains of ours
   */
  static IptablesBackend open(
      XtablesVariant variant,
      AddressClaims claims,
      ServiceSettings settings,
      Runnable pending,
      Runnable disturbed)
      throws IOException {
    XtablesKernel kernel = variant.open(Place.HERE);
    IptablesServices services = new IptablesServices(kernel, claims, settings, pending);
    try {
      return new IptablesBackend(kernel, services, watch(kernel, services, disturbed));
    } catch (IOException e) {
      services.close();
      throw e;
    }
  }

  private static @Nullable NftWatch watch(
      XtablesKernel kernel, IptablesServices services, Runnable disturbed) throws IOException {
    if (!(kernel instanceof NftXtables nft)) {
      return null;
    }
    return NftWatch.start(
        nft.port(),
        () -> {
          services.distrust();
          disturbed.run();
        });
  }

  @Override
  public Comparison compare(AddressClaims wanted, ServiceInputs inputs) throws IOException {
    return IptablesServices.compare(kernel, wanted, inputs.settings());
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    super.close();
  }
}
