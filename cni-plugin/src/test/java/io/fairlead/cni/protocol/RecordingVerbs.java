package io.fairlead.cni.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Notes what it is asked, and answers ADD with a fixed result. */
final class RecordingVerbs implements CniVerbs {

  final List<String> calls = new ArrayList<>();
  private final CniResult result;

  RecordingVerbs(CniResult result) {
    this.result = result;
  }

  @Override
  public CniResult add(CniCall call) {
    calls.add("add " + call.key() + " " + call.environment().arguments().pod());
    return result;
  }

  @Override
  public void delete(CniCall call) {
    calls.add("delete " + call.key());
  }

  @Override
  public void check(CniCall call, CniResult previous) {
    calls.add("check " + call.key() + " " + previous.addresses());
  }

  @Override
  public void status(NetworkConfig config) throws CniException {
    throw new CniException(CniErrorCode.NOT_AVAILABLE, "no \"range\"", "more");
  }

  @Override
  public void collectGarbage(String network, Set<AttachmentKey> valid) {
    calls.add("gc " + network + " " + new TreeSet<>(valid));
  }
}
