package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.config.IptablesVariant;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.kernel.Place;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesVariant;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens iptables in the variant that the configuration names, or in the one that this node uses;
 * what an earlier run left in the other variant is removed.
 */
final class IptablesOpener implements ServiceBackends.Opener {

  private static final Logger LOG = LoggerFactory.getLogger(IptablesOpener.class);

  private final IptablesVariant wanted;
  private final AddressClaims claims;
  private final Runnable pending;
  private final Runnable disturbed;

  /**
   * Opens nothing yet.
   *
   * @param pending as {@link IptablesBackend#open} takes it
   * @param disturbed as {@link IptablesBackend#open} takes it
   */
  IptablesOpener(
      IptablesVariant wanted, AddressClaims claims, Runnable pending, Runnable disturbed) {
    this.wanted = wanted;
    this.claims = claims;
    this.pending = pending;
    this.disturbed = disturbed;
  }

  @Override
  public ServiceBackend open(ServiceSettings settings) throws IOException {
    XtablesVariant variant = variant();
    ServiceBackend backend = IptablesBackend.open(variant, claims, settings, pending, disturbed);
    for (XtablesVariant other : XtablesVariant.values()) {
      if (other != variant) {
        try {
          cleanup(other);
        } catch (IOException e) {
          LOG.warn(
              "Chains of an earlier run may still be in iptables-{}: {}",
              other.text(),
              e.getMessage());
        }
      }
    }
    return backend;
  }

  private XtablesVariant variant() throws IOException {
    return switch (wanted) {
      case NFT -> XtablesVariant.NFT;
      case LEGACY -> XtablesVariant.LEGACY;
      case AUTO -> {
        XtablesVariant.Choice choice = XtablesVariant.detect(Place.HERE);
        LOG.atInfo().log("{}", choice);
        yield choice.variant();
      }
    };
  }

  @Override
  public void removeLeftovers() throws IOException {
    for (XtablesVariant variant : XtablesVariant.values()) {
      cleanup(variant);
    }
  }

  private static void cleanup(XtablesVariant variant) throws IOException {
    try (XtablesKernel kernel = variant.open(Place.HERE)) {
      kernel.cleanup();
    }
  }
}
