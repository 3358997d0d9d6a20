import './expiry-chart.css';
import {
  colorBackgroundDropdownItemHover,
  colorBorderDividerDefault,
  colorBorderItemFocused,
  colorChartsBlue1300,
  colorChartsBlue1600,
} from '@cloudscape-design/design-tokens';
import type { CSSProperties } from 'react';
import { day } from '../parts/dates.ts';
import { count } from '../parts/names.ts';
import { hrefTo } from '../shell/route.ts';
import { filterOf, type Month } from './months.ts';

/** How many certificates expire in a month; `isMore`: that is all that were counted. */
export type Bar = Month & { used: number; others: number; isMore: boolean };

const COLORS = {
  '--hover': colorBackgroundDropdownItemHover,
  '--focus': colorBorderItemFocused,
  '--line': colorBorderDividerDefault,
  '--used': colorChartsBlue1600,
  '--other': colorChartsBlue1300,
} as CSSProperties;

const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** A bar for each month, which leads to the table of its certificates: a list of links, so that everyone can use it. */
export function ExpiryChart({ bars }: { bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ used, others }) => used + others));
  const share = (number: number) => ({ flex: `0 0 ${(number / most) * 84}%` });
  return (
    <div style={COLORS}>
      <ol className="expiry-chart">
        {bars.map(({ used, others, isMore, ...month }) => (
          <li key={month.from.getTime()}>
            <a href={hrefTo.certificates(filterOf(month))}>
              <span className="for-screen-readers">{wordsOf({ used, others, isMore, ...month })}</span>
              <span className="bar" aria-hidden="true">
                <span className="number">
                  {used + others === 0 ? '' : `${used + others}${isMore ? '+' : ''}`}
                </span>
                {others > 0 && <span className="other" style={share(others)} />}
                {used > 0 && <span className="used" style={share(used)} />}
              </span>
              <span className="label" aria-hidden="true">
                {SHORT.format(month.from)}
              </span>
            </a>
          </li>
        ))}
      </ol>
      <div className="expiry-legend">
        <Key color={colorChartsBlue1600}>In use</Key>
        <Key color={colorChartsBlue1300}>Not used, or not known yet</Key>
      </div>
    </div>
  );
}

const Key = ({ color, children }: { color: string; children: string }) => (
  <span style={{ '--key': color } as CSSProperties}>{children}</span>
);

function wordsOf({ used, others, isMore, from, to }: Bar): string {
  const span = to ? `${day(from)} to ${day(new Date(to.getTime() - 1))}` : `from ${day(from)}`;
  return `${span}: ${isMore ? 'more than ' : ''}${count(used + others, 'certificate')}, ${used} known to be in use`;
}
