package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend without a kernel: it writes down what is asked of it, and fails when told to. */
final class RecordingBackend implements ServiceBackends.NodeTable {

  private final String name;
  private final List<String> calls;
  private boolean serves = true;
  private boolean pending = true;
  @Nullable IOException failure;

  /** Whether connections keep it from being removed at once. */
  boolean hasConnections;

  /** What waits for the kernel, if commits take their time there; null if they do not. */
  @Nullable List<Runnable> underWay;

  RecordingBackend(String name, List<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  private void note(String call) {
    calls.add(name + " " + call);
  }

  @Override
  public void serve(boolean services) {
    if (serves != services) {
      serves = services;
      pending = true;
      note(services ? "serve" : "base only");
    }
  }

  @Override
  public void settings(ServiceSettings settings) {
    pending = true;
    note("settings");
  }

  @Override
  public void update(ServiceChange change) {
    pending = true;
    note("update " + change.service());
  }

  @Override
  public void distrust() {
    pending = true;
  }

  @Override
  public boolean isPending() {
    return pending;
  }

  @Override
  public List<String> commit() throws IOException {
    note("commit");
    IOException refused = failure;
    if (refused != null) {
      throw refused;
    }
    List<String> done = pending ? List.of(name + " changed") : new ArrayList<>();
    pending = false;
    return done;
  }

  @Override
  public void whenInKernel(Runnable task) {
    List<Runnable> waiting = underWay;
    if (waiting == null) {
      task.run();
    } else {
      waiting.add(task);
    }
  }

  @Override
  public List<String> audit() throws IOException {
    return commit();
  }

  @Override
  public List<KernelObject> evidence(FrontendAddress address) {
    return List.of(KernelObject.present(name, address.toString()));
  }

  @Override
  public void remove() throws IOException {
    note("remove");
    IOException refused = failure;
    if (refused != null) {
      throw refused;
    }
  }

  @Override
  public boolean retire() throws IOException {
    if (hasConnections) {
      note("retire");
      pending = false;
      return false;
    }
    remove();
    return true;
  }

  @Override
  public void close() {
    note("close");
  }
}
