/** The weekly grid: a line a day, with its hours and a menu that copies them. */
import { DropdownMenu, IconButton } from "@radix-ui/themes";
import { copied, DAYS, withDay } from "./draft.js";
import { Hours } from "./hours.jsx";

const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 24 * 3600 * 1000;
const tag = () => (globalThis.inboxLanguage === "fr" ? "fr" : "en-GB");

/** "Monday", in the reader's language. */
export function dayName(day) {
  const name = new Intl.DateTimeFormat(tag(), { weekday: "long", timeZone: "UTC" }).format(MONDAY + DAYS.indexOf(day) * DAY);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function Week({ draft, problem, texts, icons, onChange }) {
  return (
    <div className="week" role="group" aria-label={texts.week}>
      {DAYS.map((day) => (
        <div key={day} className="week-day" role="group" aria-label={dayName(day)}>
          <span className="week-name">{dayName(day)}</span>
          <Hours
            dayName={dayName(day)}
            blocks={draft.week[day]}
            onChange={(blocks) => onChange(withDay(draft, day, blocks))}
            {...{ problem, texts, icons }}
          />
          <CopyMenu day={day} texts={texts} icon={icons.copy} onCopy={(days) => onChange(copied(draft, day, days))} />
        </div>
      ))}
    </div>
  );
}

function CopyMenu({ day, texts, icon, onCopy }) {
  const name = texts.copy.replace("{day}", dayName(day));
  const others = DAYS.filter((one) => one !== day);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger>
        <IconButton type="button" size="2" variant="ghost" color="gray" className="week-copy" aria-label={name} title={name}>
          {icon}
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content variant="soft" align="end">
        <DropdownMenu.Item onSelect={() => onCopy(DAYS)}>{texts.copyAll}</DropdownMenu.Item>
        <DropdownMenu.Item onSelect={() => onCopy(DAYS.slice(0, 5))}>{texts.copyWorkdays}</DropdownMenu.Item>
        <DropdownMenu.Separator />
        {others.map((other) => (
          <DropdownMenu.Item key={other} onSelect={() => onCopy([other])}>
            {dayName(other)}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
