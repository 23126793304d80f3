export default function Root({ open }) {
  return <main className='big'><Nav open={open} models='all' /></main>;
}
