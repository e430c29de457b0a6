/** Coming or past meetings, in the address: a link, a reload and the back button show the same list. */
import { useSearchParams } from "react-router";
import { SegmentedControl } from "@radix-ui/themes";

/** Another list begins at its first page, and with every status. */
export function WhenSwitch({ texts }) {
  const [params, setParams] = useSearchParams();
  const choose = (when) => {
    const next = new URLSearchParams(params);
    for (const name of ["before", "status", "when"]) next.delete(name);
    if (when === "past") next.set("when", "past");
    setParams(next);
  };
  return (
    <SegmentedControl.Root
      size="2"
      aria-label={texts.which}
      value={params.get("when") === "past" ? "past" : "coming"}
      onValueChange={choose}
    >
      <SegmentedControl.Item value="coming">{texts.coming}</SegmentedControl.Item>
      <SegmentedControl.Item value="past">{texts.past}</SegmentedControl.Item>
    </SegmentedControl.Root>
  );
}
