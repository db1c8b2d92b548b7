package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.companion.AddressTreatment;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules beside IPVS. */
interface Companion {

  /** What an earlier run left behind. */
  record Found(Set<VirtualAddress> served, Map<VirtualAddress, Integer> insideMarks) {}

  void settings(ServiceSettings settings);

  Found read() throws IOException;

  void treat(VirtualAddress address, @Nullable AddressTreatment treatment);

  void hairpin(IpAddress endpoint, int difference);

  List<String> commitAdditions() throws IOException;

  List<String> commitRemovals() throws IOException;

  List<String> synchronize(
      Map<VirtualAddress, AddressTreatment> wanted, Map<IpAddress, Integer> hairpins)
      throws IOException;

  List<String> remove() throws IOException;
}
