/** The coming slots, as the server's rule finds them in what is typed. */
import { dayText } from "$/public/external/inbox_app/components/schedule/browser/preview.jsx";

/** `isCurrent` false: what is typed makes no settings yet, these are the slots of what was typed before. */
export function ComingSlots({ days, whyNone, isCurrent, texts }) {
  return (
    <div className={isCurrent ? "coming" : "coming preview-old"}>
      <h3 id="coming-title" className="schedule-part">
        {texts.coming}
      </h3>
      <p className="setting-hint">{texts.comingHint}</p>
      <ul className="coming-days" aria-labelledby="coming-title" aria-live="polite">
        {days.map(({ date, times, more }) => (
          <li key={date} className="coming-day">
            <span className="preview-date">{dayText(date)}</span>{" "}
            <span className="coming-times">
              {times.map((time, index) => (
                <span key={index} className="coming-time">
                  {time}{" "}
                </span>
              ))}
              {more > 0 && <span className="coming-more">{texts.more.replace("{count}", more)}</span>}
            </span>
          </li>
        ))}
        {days.length === 0 && <li className="preview-closed">{whyNone}</li>}
      </ul>
      {!isCurrent && <p className="setting-hint">{texts.incomplete}</p>}
    </div>
  );
}
