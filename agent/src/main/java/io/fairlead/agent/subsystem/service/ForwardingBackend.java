package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.List;

/** A backend together with something that lives as long as it does, such as a watch. */
abstract class ForwardingBackend implements ServiceBackend {

  private final ServiceBackend backend;

  ForwardingBackend(ServiceBackend backend) {
    this.backend = backend;
  }

  @Override
  public final void settings(ServiceSettings settings) {
    backend.settings(settings);
  }

  @Override
  public final void update(ServiceChange change) {
    backend.update(change);
  }

  @Override
  public final void distrust() {
    backend.distrust();
  }

  @Override
  public final boolean isPending() {
    return backend.isPending();
  }

  @Override
  public final List<String> commit() throws IOException {
    return backend.commit();
  }

  @Override
  public final void whenInKernel(Runnable task) {
    backend.whenInKernel(task);
  }

  @Override
  public final List<String> audit() throws IOException {
    return backend.audit();
  }

  @Override
  public final List<KernelObject> evidence(FrontendAddress address) throws IOException {
    return backend.evidence(address);
  }

  @Override
  public final void remove() throws IOException {
    backend.remove();
  }

  @Override
  public final boolean retire() throws IOException {
    return backend.retire();
  }

  @Override
  public void close() {
    backend.close();
  }
}
