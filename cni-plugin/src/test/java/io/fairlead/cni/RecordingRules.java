package io.fairlead.cni;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Writes down what it is told, in a list that several may share. Thread-safe. */
final class RecordingRules implements AttachmentRules {

  private final String name;
  private final List<String> log;

  RecordingRules(String name, List<String> log) {
    this.name = name;
    this.log = log;
  }

  private void note(String call, AttachmentKey key) {
    synchronized (log) {
      log.add(name + " " + call + " " + key.containerId());
    }
  }

  /** What was noted since the last call. */
  static List<String> take(List<String> log) {
    synchronized (log) {
      List<String> taken = new ArrayList<>(log);
      log.clear();
      return taken;
    }
  }

  @Override
  public void restore(Collection<Lease> leases) {
    leases.forEach(lease -> note("restore", lease.key()));
  }

  @Override
  public void prepare(Lease lease) throws CniException {
    note("prepare", lease.key());
  }

  @Override
  public void leave(AttachmentKey key) {
    note("leave", key);
  }

  @Override
  public void forget(AttachmentKey key) {
    note("forget", key);
  }
}
